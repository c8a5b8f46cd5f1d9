using System.Reflection;
using System.Security.Cryptography;
using Atlas.Evaluation.Traces;

namespace Atlas.Host.Replay;

/// <summary>What one run came from. Where all of it is the same, another run would tell nothing new.</summary>
/// <param name="Program">The commit that it was built from, or else what tells its assemblies from others.</param>
/// <param name="Manner">How it was made.</param>
/// <param name="Settings">What figures depend on beside that.</param>
/// <param name="Strategies">Who replayed, in their order.</param>
/// <param name="Models">What ran, by fingerprints.</param>
/// <param name="Machine">What computed.</param>
/// <param name="Traffic">Digest of the requests.</param>
internal sealed record RunIdentity(string Program, ReplayManner Manner, string Settings, string Strategies, string Models, string Machine, string Traffic)
{
    /// <summary>That of a run to be made now; reads the source's requests once.</summary>
    public static RunIdentity Of(IReplaySession session, ReplaySource source) => new(
        Provenance.Commit ?? Assemblies(),
        session.Manner,
        session.Settings,
        string.Join(", ", session.Strategies),
        string.Join(", ", session.Models.Select(model => $"{model.Part} {model.Fingerprint}")),
        $"{session.Engine.Name}, {session.Engine.Device}, {session.Engine.Threads} threads",
        TraceDigest.Of(source.Requests));

    /// <summary>In which way another one is not this, in words; null where it is the same.</summary>
    public string? DifferenceFrom(RunIdentity other)
    {
        if (Program != other.Program) return $"made by commit {Program}, and this is {other.Program}";
        if (Traffic != other.Traffic) return "of other traffic";
        if (Strategies != other.Strategies) return $"of the strategies {Strategies}";
        if (Models != other.Models) return "of other models";
        if (Manner != other.Manner) return "made in another manner";
        if (Settings != other.Settings) return $"made with {Settings}";
        return Machine == other.Machine ? null : $"made on {Machine}";
    }

    private static string Assemblies()
    {
        var host = Assembly.GetExecutingAssembly();
        var own = host.GetReferencedAssemblies().Where(name => name.Name!.StartsWith("Atlas.", StringComparison.Ordinal)).OrderBy(name => name.Name, StringComparer.Ordinal);
        byte[] versions = [.. own.Select(Assembly.Load).Prepend(host).SelectMany(assembly => assembly.ManifestModule.ModuleVersionId.ToByteArray())];
        return $"unknown ({Convert.ToHexStringLower(SHA256.HashData(versions))})";
    }
}
