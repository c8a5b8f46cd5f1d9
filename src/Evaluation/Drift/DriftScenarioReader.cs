using System.Text.Json;
using System.Text.Unicode;
using Atlas.Core.Decoding;
using Atlas.Evaluation.Traces;
using Atlas.Evaluation.Workloads;

namespace Atlas.Evaluation.Drift;

/// <summary>Reads scenario files: one JSON object, every key known, every value in its range.</summary>
public static class DriftScenarioReader
{
    private const int MostRequests = 1_000_000;
    private const long MostBytes = 1 << 20;

    private static readonly JsonDocumentOptions Strict = new()
    {
        AllowDuplicateProperties = false,
        CommentHandling = JsonCommentHandling.Skip,
    };

    private static readonly string[] Arrivals = ["poisson", "even", "back-to-back"];

    /// <summary>Reads a file.</summary>
    /// <exception cref="TraceException">It cannot be read, or something in it is wrong: file, key, what was expected.</exception>
    public static DriftScenario Read(string path)
    {
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > MostBytes } file)
                throw new TraceException($"{path}: {file.Length} bytes; expected a scenario of at most {MostBytes}");
            return Parse(File.ReadAllBytes(path), path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new TraceException($"{path}: cannot be opened ({fault.Message.ReplaceLineEndings(" ")}); expected a scenario", fault);
        }
    }

    /// <summary>Reads a file's content.</summary>
    /// <param name="json">The content.</param>
    /// <param name="name">The name to show in errors.</param>
    /// <exception cref="TraceException">Something in it is wrong.</exception>
    public static DriftScenario Parse(ReadOnlyMemory<byte> json, string name)
    {
        if (!Utf8.IsValid(json.Span)) throw new TraceException($"{name}: not UTF-8; expected a scenario in UTF-8");
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json, Strict);
        }
        catch (JsonException fault)
        {
            throw new TraceException($"{name}:{(fault.LineNumber ?? 0) + 1}: no valid JSON; expected one object without duplicate keys", fault);
        }
        using (document) return Scenario(new TraceField(document.RootElement, name, ""));
    }

    private static DriftScenario Scenario(TraceField root)
    {
        RefuseOthers(root, "name", "expected", "seeds", "arrivals", "phases");
        var seeds = Required(root, "seeds", "an array of whole numbers");
        ulong[] all = [.. seeds.Items("an array of whole numbers").Select(seed => seed.Unsigned())];
        if (all.Length == 0 || all.Distinct().Count() < all.Length) throw seeds.Because($"{all.Length} seeds; expected at least one, and no two alike");
        var arrivals = Required(root, "arrivals", string.Join(", ", Arrivals));
        var phases = Required(root, "phases", "an array of phases");
        DriftPhase[] read = [.. phases.Items("an array of phases").Select(Phase)];
        if (read.Length == 0) throw phases.Because("no phase; expected at least one");
        if (read.Sum(phase => (long)phase.Requests) > MostRequests) throw phases.Because($"more than {MostRequests} requests in all; expected at most so many");
        return new DriftScenario(
            Name(Required(root, "name", "a name")), Name(Required(root, "expected", "what is expected to be seen")), all,
            (ArrivalProcess)OneOf(arrivals, Arrivals), read);
    }

    private static DriftPhase Phase(TraceField phase)
    {
        RefuseOthers(phase, "requests", "domains", "domains_end", "namespace", "class", "rate_per_s", "temperature", "noise", "turns", "repeat");
        return new DriftPhase(Required(phase, "requests", "how many").Whole(1), Domains(Required(phase, "domains", "weights by domain")))
        {
            DomainsAtEnd = phase.Find("domains_end") is { } end ? Domains(end) : null,
            Namespace = phase.Find("namespace") is { } space ? Name(space) : null,
            Class = phase.Find("class") is { } value ? (RequestClass)OneOf(value, RequestClassNames.All.AsSpan()) : RequestClass.Interactive,
            RatePerSecond = phase.Find("rate_per_s") is { } rate ? Number(rate, 1e-6, 1e6) : 1,
            Temperature = phase.Find("temperature") is { } temperature ? (float)Number(temperature, 0, 10) : 0,
            Noise = phase.Find("noise") is { } noise ? Number(noise, 0, 1) : 0,
            Turns = phase.Find("turns") is { } turns ? turns.Whole(1) : 1,
            Repeat = phase.Find("repeat") is { } repeat ? Number(repeat, 0, 1) : 0,
        };
    }

    private static Dictionary<string, double> Domains(TraceField field)
    {
        var weights = new Dictionary<string, double>();
        foreach (var (domain, weight) in field.Members())
        {
            if (!WorkloadCatalog.All.Any(workload => workload.Domain == domain))
                throw weight.Because($"no workload domain; expected one of {string.Join(", ", WorkloadCatalog.All.Select(workload => workload.Domain))}");
            weights.Add(domain, Number(weight, 1e-6, 1e6));
        }
        return weights.Count > 0 ? weights : throw field.Because("no domain; expected at least one with its weight");
    }

    private static TraceField Required(TraceField field, string key, string expected) => field.Find(key) ?? throw field.Absent(key, expected);

    private static string Name(TraceField field) => field.Text() is { Length: > 0 } text ? text : throw field.Fault("some text");

    private static double Number(TraceField field, double least, double most) =>
        field.Number() is var value && value >= least && value <= most ? value : throw field.Fault(FormattableString.Invariant($"{least} to {most}"));

    private static int OneOf(TraceField field, ReadOnlySpan<string> names) =>
        names.IndexOf(field.Text()) is var index and >= 0 ? index : throw field.Fault(string.Join(", ", names));

    private static void RefuseOthers(TraceField field, params string[] known)
    {
        foreach (var (name, member) in field.Members())
            if (!known.Contains(name))
                throw member.Because($"no such key; expected {string.Join(", ", known)}");
    }
}
