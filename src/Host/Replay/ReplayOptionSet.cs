using System.CommandLine;
using System.Security.Cryptography;
using Atlas.Evaluation.Drift;
using Atlas.Evaluation.Import;
using Atlas.Evaluation.Replay;
using Atlas.Evaluation.Traces;
using Atlas.Host.CommandLine;
using Atlas.Modeling.Tokenization;

namespace Atlas.Host.Replay;

/// <summary>The options that say what is replayed, in which tokens, and how.</summary>
internal sealed class ReplayOptionSet
{
    private const string Bytes = "bytes";
    private const string Words = "words";
    private const int RecordedLookahead = 8;
    private const int LiveLookahead = 4;

    private static readonly Dictionary<string, ImportFormat> Formats = new()
    {
        ["openai"] = ImportFormat.OpenAi,
        ["sharegpt"] = ImportFormat.ShareGpt,
        ["text"] = ImportFormat.Text,
    };

    // They say something of the one way to replay alone.
    private static readonly string[] RecordedOnly = ["--tokenizer", "--tokens", "--latency"];
    private static readonly string[] LiveOnly = ["--target", "--draft", "--dtype", "--engine", "--threads", "--pin", "--arrivals", "--max-batch", "--max-tokens", "--connect", "--token-file"];

    private readonly Option<string?> _recorded = new("--recorded")
    {
        Description = "No model runs: completions are taken for what the target said; of this trace, or of what is named otherwise. Without it, a target generates.",
        HelpName = "trace.jsonl",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _import = new("--import")
    {
        Description = "The files are chat logs (openai: of calls or for fine-tuning; sharegpt) or plain text; replays them, or writes them as a trace.",
        HelpName = "format",
    };

    private readonly Option<string?> _scenario = new("--scenario")
    {
        Description = "A scenario (experiments/drift/scenarios): replays the traffic that it describes, or writes it as a trace. A directory: all in it, with --out.",
        HelpName = "path",
    };

    private readonly Argument<string[]> _files = new("files") { Description = "A trace of JSON lines; with --import, the files to import.", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string?> _write = new("--write") { Description = "Writes the requests to this trace in place of replaying them.", HelpName = "trace.jsonl" };

    private readonly Option<ulong[]> _seed = new("--seed")
    {
        Description = "Seeds of a scenario's traffic, one to be written. Default: all that it names in turn, or the first to be written.",
        HelpName = "seeds",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<double> _part = new("--part") { Description = "Part of every phase's requests of a scenario, such as 0.1 for a short look.", DefaultValueFactory = _ => 1 };
    private readonly Option<string?> _tokenizer = new("--tokenizer") { Description = "Recorded: directory with the tokenizer.json that text is read with.", HelpName = "dir" };

    private readonly Option<string?> _tokens = new("--tokens")
    {
        Description = "Recorded: what text is cut into where there is no tokenizer: bytes (default) or words.",
        HelpName = "kind",
    };

    private readonly Option<string> _latency = new("--latency")
    {
        Description = "Recorded: what a target forward would take over so many rows: rows:ms,rows:ms,... from 1 row on. Speedups are by this table.",
        HelpName = "table",
        DefaultValueFactory = _ => LatencyTable.Default,
    };

    private readonly Option<int?> _lookahead = new("--lookahead") { Description = "Draft tokens per step of the strategies without a controller. Default: 8 recorded, 4 live." };

    private readonly Option<string[]> _strategies = new("--strategies")
    {
        Description = $"Which of {string.Join(", ", ReplayStrategies.Live)}; plain always comes first. Default: all that are possible.",
        HelpName = "names",
        AllowMultipleArgumentsPerToken = true,
    };

    public ReplayOptionSet()
    {
        _import.AcceptOnlyFromAmong([.. Formats.Keys]);
        _tokens.AcceptOnlyFromAmong(Bytes, Words);
        _lookahead.MustBe(n => n is null or (>= 1 and <= 16), "1 to 16");
        _part.MustBe(x => x is > 0 and <= 1, "more than 0, at most 1");
        _strategies.AcceptOnlyFromAmong([.. ReplayStrategies.Live]);
    }

    public void AddTo(Command command)
    {
        command.Add(_files);
        foreach (Option option in (Option[])[_recorded, _import, _scenario, _write, _seed, _part, _tokenizer, _tokens, _latency, _lookahead, _strategies]) command.Add(option);
    }

    /// <summary>Where the trace is to be written; null to replay.</summary>
    public string? Write(ParseResult parsed) => parsed.GetValue(_write);

    /// <summary>Whether completions are taken as they were recorded.</summary>
    public bool IsRecorded(ParseResult parsed) => parsed.GetResult(_recorded) is not null;

    /// <summary>Whether a whole directory of scenarios is replayed.</summary>
    public bool IsDirectory(ParseResult parsed) => parsed.GetValue(_scenario) is { } path && Directory.Exists(path);

    /// <summary>What is replayed or written, each with a report of its own.</summary>
    /// <exception cref="UsageException">No source is named, or more than one, or an option does not go with it.</exception>
    public IReadOnlyList<ReplayJob> Jobs(ParseResult parsed)
    {
        var (import, scenario) = (parsed.GetValue(_import), parsed.GetValue(_scenario));
        string[] files = parsed.GetValue(_files) ?? [];
        string?[] traces = [parsed.GetValue(_recorded), .. import is null ? files : []];
        if (new[] { import, scenario }.Concat(traces).Count(source => source is not null) != 1)
            throw new UsageException("replay needs one source; expected a trace, --import or --scenario");
        Refuse(parsed, IsRecorded(parsed) ? LiveOnly : RecordedOnly, IsRecorded(parsed) ? "needs a target that generates; expected no --recorded" : "goes with --recorded only");
        if (scenario is null) Refuse(parsed, [_seed.Name, _part.Name], "goes with --scenario only");
        if (import is not null && files.Length == 0) throw new UsageException("--import has no files; expected at least one");
        if (import is not null) return [Job(files[0], new ReplaySource(string.Join(", ", files), TraceImport.Read(Formats[import], files), IsRepeatable: AreFiles(files)))];
        if (scenario is not null) return [.. ScenarioFiles(scenario, parsed).Select(file => Scenario(file, parsed))];
        string trace = traces.Single(one => one is not null)!;
        if (Write(parsed) is not null) throw new UsageException("--write would copy a trace; expected --import or --scenario");
        return [Job(trace, new ReplaySource(trace, TraceReader.Read(trace), IsRepeatable: AreFiles([trace])))];
    }

    // What comes through a pipe has no length.
    private static bool AreFiles(string[] paths) => paths.All(path =>
        File.Exists(path) && (File.ResolveLinkTarget(path, returnFinalTarget: true) ?? new FileInfo(path)) is FileInfo { Exists: true, Length: > 0 });

    private static ReplayJob Job(string file, ReplaySource source) => new(Path.GetFileNameWithoutExtension(file), [source]);

    private string[] ScenarioFiles(string path, ParseResult parsed)
    {
        if (!IsDirectory(parsed)) return [path];
        string[] files = [.. Directory.GetFiles(path, "*.json").Order(StringComparer.Ordinal)];
        return files.Length > 0 ? files : throw new UsageException($"{path} has no .json file; expected scenarios");
    }

    private ReplayJob Scenario(string file, ParseResult parsed)
    {
        var read = DriftScenarioReader.Read(file).Shortened(parsed.GetValue(_part));
        IReadOnlyList<ulong> seeds = Seeds(parsed) is { Count: > 0 } asked ? asked : Write(parsed) is null ? read.Seeds : [read.Seeds[0]];
        return new ReplayJob(
            read.Name, [.. seeds.Select(seed => new ReplaySource($"{read.Name}, seed {seed}", DriftTraffic.Generate(read, seed), seed))], read.Expected);
    }

    private List<ulong> Seeds(ParseResult parsed)
    {
        List<ulong> asked = [.. (parsed.GetValue(_seed) ?? []).Distinct()];
        return asked.Count > 1 && Write(parsed) is not null
            ? throw new UsageException($"--write makes one trace, and --seed names {asked.Count} seeds; expected one")
            : asked;
    }

    private static void Refuse(ParseResult parsed, IReadOnlyList<string> names, string why)
    {
        foreach (var option in parsed.CommandResult.Command.Options)
            if (names.Contains(option.Name) && parsed.GetResult(option) is { Implicit: false })
                throw new UsageException($"{option.Name} {why}");
    }

    /// <summary>What text of a recorded trace is turned into.</summary>
    /// <exception cref="UsageException">A tokenizer and a kind of tokens are both given.</exception>
    private ITraceTokens Tokens(ParseResult parsed)
    {
        string? kind = parsed.GetValue(_tokens);
        if (parsed.GetValue(_tokenizer) is not { } directory) return kind == Words ? new WordTokens() : new ByteTokens();
        if (kind is not null) throw new UsageException("--tokens and --tokenizer contradict each other; expected one of them");
        return new TokenizerTokens(Tokenizer.Load(TokenizerFile(directory)), $"tokens of {Provenance.Shown(directory)}");
    }

    private string TokenSettings(ParseResult parsed) => parsed.GetValue(_tokenizer) is { } directory
        ? $"--tokenizer {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(TokenizerFile(directory))))}"
        : $"--tokens {parsed.GetValue(_tokens) ?? Bytes}";

    private static string TokenizerFile(string directory) => Path.Combine(directory, "tokenizer.json");

    /// <summary>The strategies that were asked for, plain first; null where none were.</summary>
    public IReadOnlyList<string>? Strategies(ParseResult parsed) => parsed.GetValue(_strategies) is { Length: > 0 } names
        ? [.. ReplayStrategies.Live.Where(name => name == ReplayStrategies.Plain || names.Contains(name))]
        : null;

    /// <summary>Draft tokens per step where the budget is fixed.</summary>
    public int Lookahead(ParseResult parsed) => parsed.GetValue(_lookahead) ?? (IsRecorded(parsed) ? RecordedLookahead : LiveLookahead);

    /// <summary>A session that replays what was recorded.</summary>
    /// <exception cref="UsageException">The latency table is none, or a strategy needs a model.</exception>
    public IReplaySession Recorded(ParseResult parsed)
    {
        if (Strategies(parsed) is { } names && names.Contains(ReplayStrategies.Static))
            throw new UsageException($"--strategies names static, which drafts with a model; expected of {string.Join(", ", ReplayStrategies.Recorded)} with --recorded");
        // Asked for once now, so that a wrong one is refused before anything is read.
        _ = Tokens(parsed);
        string latency = parsed.GetValue(_latency)!;
        try
        {
            var options = new ReplayOptions { Latency = LatencyTable.Parse(latency), Lookahead = Lookahead(parsed) };
            return new RecordedSession(() => Tokens(parsed), options, latency, Strategies(parsed) ?? ReplayStrategies.Recorded, TokenSettings(parsed));
        }
        catch (FormatException e)
        {
            throw new UsageException($"--latency: {e.Message}");
        }
    }
}
