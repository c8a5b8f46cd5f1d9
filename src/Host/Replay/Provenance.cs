using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Atlas.Modeling.Engine;

namespace Atlas.Host.Replay;

/// <summary>Where figures come from: program, machine, models, seeds.</summary>
/// <param name="Arguments">The command line behind <c>atlas</c>.</param>
/// <param name="Engine">What computed.</param>
/// <param name="Models">What ran, by its part: directory and fingerprint; none where no model ran.</param>
/// <param name="Seeds">Seeds of the traffic; none where it was not generated.</param>
internal sealed record Provenance(
    IReadOnlyList<string> Arguments, EngineInfo Engine, IReadOnlyList<(string Part, string Directory, string Fingerprint)> Models, IReadOnlyList<ulong> Seeds)
{
    private readonly DateTimeOffset _date = DateTimeOffset.UtcNow;

    /// <summary>The commit that the program was built from; null where the build did not know it.</summary>
    public static string? Commit => Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+') is [_, { Length: > 0 } commit, ..]
        ? commit
        : null;

    /// <summary>As JSON.</summary>
    public JsonObject ToJson() => new()
    {
        ["commit"] = Commit,
        ["date"] = _date.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture),
        ["arguments"] = new JsonArray([.. Arguments.Select(argument => (JsonNode)argument)]),
        ["device"] = Engine.Device,
        ["threads"] = Engine.Threads,
        ["system"] = RuntimeInformation.OSDescription,
        ["runtime"] = RuntimeInformation.FrameworkDescription,
        ["models"] = new JsonArray([.. Models.Select(model => (JsonNode)new JsonObject
        {
            ["part"] = model.Part,
            ["directory"] = Shown(model.Directory),
            ["fingerprint"] = model.Fingerprint,
        })]),
        ["seeds"] = new JsonArray([.. Seeds.Select(seed => (JsonNode)seed)]),
    };

    /// <summary>A directory as results show it: from the working directory where it is below that, for others have other disks.</summary>
    public static string Shown(string directory) =>
        Path.IsPathRooted(directory) && Path.GetRelativePath(Directory.GetCurrentDirectory(), directory) is var path && !path.StartsWith("..", StringComparison.Ordinal)
            ? path
            : directory;

    /// <summary>As one paragraph.</summary>
    public override string ToString()
    {
        string models = string.Concat(Models.Select(model => $" {model.Part} {Shown(model.Directory)} ({model.Fingerprint[..Math.Min(12, model.Fingerprint.Length)]})."));
        string seeds = Seeds.Count == 0 ? "" : $" Seeds {string.Join(", ", Seeds)}.";
        return FormattableString.Invariant($"Made {_date:yyyy-MM-dd HH:mm} UTC by commit {Commit ?? "unknown"}: atlas {string.Join(' ', Arguments)}. {Engine.Device}, {Engine.Threads} threads, ")
            + $"{RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}.{models}{seeds}";
    }
}
