using System.Buffers.Binary;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Atlas.Architecture.Tests;

/// <summary>
/// The time of day, which may jump, is asked for where one is written and nowhere else: deadlines, limits, shares and figures are measured by clocks that
/// only go forward.
/// </summary>
public sealed class TimeOfDayTests
{
    private static readonly string[] Askers = ["Now", "UtcNow", "Today", "GetUtcNow", "GetLocalNow", "GetLastWriteTime", "GetLastWriteTimeUtc", "LastWriteTime", "LastWriteTimeUtc", "GetCreationTime", "GetCreationTimeUtc", "CreationTime", "CreationTimeUtc"];

    private static readonly string[] Owners = ["DateTime", "DateTimeOffset", "TimeProvider", "File", "Directory", "FileSystemInfo", "FileInfo"];

    /// <summary>Who may: what a client is shown, a result's date, clocks that pass another's on, and which of several namespaces was saved last.</summary>
    private static readonly string[] Allowed =
    [
        "Atlas.Host.Service.Http.OpenAi.OpenAiWriter", "Atlas.Host.Replay.Provenance", "Atlas.Evaluation.Replay.ReplayClock", "Atlas.Trainer.Online.MemoryCheckpoints",
    ];

    [Fact]
    public void Only_who_writes_it_asks_for_the_time_of_day() =>
        Assert.Equal(Allowed.Order(StringComparer.Ordinal), SourceTree.Projects.SelectMany(Calls).Distinct().Order(StringComparer.Ordinal));

    // Types of a project that call one of the askers, by their outermost names.
    private static List<string> Calls(string project)
    {
        using var stream = File.OpenRead(Path.Combine(AppContext.BaseDirectory, project == "Host" ? "atlas.dll" : $"Atlas.{project}.dll"));
        using var image = new PEReader(stream);
        var metadata = image.GetMetadataReader();
        var tokens = metadata.MemberReferences.Where(handle => Asks(metadata, metadata.GetMemberReference(handle))).Select(handle => MetadataTokens.GetToken(handle)).ToHashSet();
        return
        [
            .. metadata.TypeDefinitions.Where(type => metadata.GetTypeDefinition(type).GetMethods().Any(method => CallsOneOf(image, metadata.GetMethodDefinition(method), tokens)))
                .Select(type => Outermost(metadata, type)),
        ];
    }

    private static bool Asks(MetadataReader metadata, MemberReference member)
    {
        string name = metadata.GetString(member.Name);
        if (name.StartsWith("get_", StringComparison.Ordinal)) name = name["get_".Length..];
        return Askers.Contains(name) && member.Parent.Kind == HandleKind.TypeReference
            && Owners.Contains(metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)member.Parent).Name));
    }

    // call, callvirt and ldftn are followed by what they call.
    private static bool CallsOneOf(PEReader image, MethodDefinition method, HashSet<int> tokens)
    {
        if (method.RelativeVirtualAddress == 0) return false;
        byte[] code = image.GetMethodBody(method.RelativeVirtualAddress).GetILBytes() ?? [];
        for (int at = 0; at + 5 <= code.Length; at++)
            if (code[at] is 0x28 or 0x6f or 0x06 && tokens.Contains(BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(at + 1))))
                return true;
        return false;
    }

    private static string Outermost(MetadataReader metadata, TypeDefinitionHandle handle)
    {
        var type = metadata.GetTypeDefinition(handle);
        while (type.IsNested) type = metadata.GetTypeDefinition(type.GetDeclaringType());
        return $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}";
    }
}
