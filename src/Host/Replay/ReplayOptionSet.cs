using System.CommandLine;
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

    private static readonly Dictionary<string, ImportFormat> Formats = new()
    {
        ["openai"] = ImportFormat.OpenAi,
        ["sharegpt"] = ImportFormat.ShareGpt,
        ["text"] = ImportFormat.Text,
    };

    private readonly Option<string?> _recorded = new("--recorded")
    {
        Description = "A trace of JSON lines whose completions are taken for what the target said.",
        HelpName = "trace.jsonl",
    };

    private readonly Option<string?> _import = new("--import")
    {
        Description = "The files are chat logs (openai: of calls or for fine-tuning; sharegpt) or plain text; replays them, or writes them as a trace.",
        HelpName = "format",
    };

    private readonly Option<string?> _scenario = new("--scenario")
    {
        Description = "A scenario (experiments/drift/scenarios): replays the traffic that it describes, or writes it as a trace.",
        HelpName = "file",
    };

    private readonly Argument<string[]> _files = new("files") { Description = "Files to import.", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string?> _write = new("--write") { Description = "Writes the requests to this trace in place of replaying them.", HelpName = "trace.jsonl" };
    private readonly Option<ulong?> _seed = new("--seed") { Description = "Seed of a scenario's traffic. Default: all that it names in turn, or the first to be written." };
    private readonly Option<string?> _tokenizer = new("--tokenizer") { Description = "Directory with the tokenizer.json that text is read with.", HelpName = "dir" };

    private readonly Option<string?> _tokens = new("--tokens")
    {
        Description = "What text is cut into where there is no tokenizer: bytes (default) or words.",
        HelpName = "kind",
    };

    private readonly Option<string> _latency = new("--latency")
    {
        Description = "What a target forward would take over so many rows: rows:ms,rows:ms,... from 1 row on. Speedups are by this table.",
        HelpName = "table",
        DefaultValueFactory = _ => LatencyTable.Default,
    };

    private readonly Option<int> _lookahead = new("--lookahead")
    {
        Description = "Draft tokens per step of the strategies without a controller.",
        DefaultValueFactory = _ => 8,
    };

    private readonly Option<string[]> _strategies = new("--strategies")
    {
        Description = $"Which of {string.Join(", ", ReplayStrategies.All)}; plain always comes first. Default: all.",
        HelpName = "names",
        AllowMultipleArgumentsPerToken = true,
    };

    public ReplayOptionSet()
    {
        _import.AcceptOnlyFromAmong([.. Formats.Keys]);
        _tokens.AcceptOnlyFromAmong(Bytes, Words);
        _lookahead.MustBe(n => n is >= 1 and <= 16, "1 to 16");
        _strategies.AcceptOnlyFromAmong([.. ReplayStrategies.All]);
    }

    public void AddTo(Command command)
    {
        command.Add(_files);
        foreach (Option option in (Option[])[_recorded, _import, _scenario, _write, _seed, _tokenizer, _tokens, _latency, _lookahead, _strategies]) command.Add(option);
    }

    /// <summary>Where the trace is to be written; null to replay.</summary>
    public string? Write(ParseResult parsed) => parsed.GetValue(_write);

    /// <summary>The latency table as it was written down.</summary>
    public string Latency(ParseResult parsed) => parsed.GetValue(_latency)!;

    /// <summary>What is replayed or written; more than one where a scenario is replayed with all its seeds.</summary>
    /// <exception cref="UsageException">No source is named, or more than one, or an option does not go with it.</exception>
    public IReadOnlyList<ReplaySource> Sources(ParseResult parsed)
    {
        var (recorded, import, scenario) = (parsed.GetValue(_recorded), parsed.GetValue(_import), parsed.GetValue(_scenario));
        string[] files = parsed.GetValue(_files) ?? [];
        if (new[] { recorded, import, scenario }.Count(source => source is not null) != 1)
            throw new UsageException("replay needs one source; expected one of --recorded, --import and --scenario");
        if (import is null && files.Length > 0) throw new UsageException($"'{files[0]}' goes with no option; expected files after --import only");
        if (scenario is null && parsed.GetValue(_seed) is not null) throw new UsageException("--seed goes with --scenario only; expected none");
        if (recorded is not null && Write(parsed) is not null) throw new UsageException("--write with --recorded would copy a trace; expected --import or --scenario");
        if (import is not null && files.Length == 0) throw new UsageException("--import has no files; expected at least one");
        if (recorded is not null) return [new ReplaySource(recorded, TraceReader.Read(recorded))];
        if (import is not null) return [new ReplaySource(string.Join(", ", files), TraceImport.Read(Formats[import], files))];
        var read = DriftScenarioReader.Read(scenario!);
        IReadOnlyList<ulong> seeds = parsed.GetValue(_seed) is { } one ? [one] : Write(parsed) is null ? read.Seeds : [read.Seeds[0]];
        return [.. seeds.Select(seed => new ReplaySource($"{read.Name}, seed {seed}", DriftTraffic.Generate(read, seed), read.Expected))];
    }

    /// <summary>What text is turned into.</summary>
    /// <exception cref="UsageException">A tokenizer and a kind of tokens are both given.</exception>
    public ITraceTokens Tokens(ParseResult parsed)
    {
        string? kind = parsed.GetValue(_tokens);
        if (parsed.GetValue(_tokenizer) is not { } directory) return kind == Words ? new WordTokens() : new ByteTokens();
        if (kind is not null) throw new UsageException("--tokens and --tokenizer contradict each other; expected one of them");
        return new TokenizerTokens(Tokenizer.Load(Path.Combine(directory, "tokenizer.json")), $"tokens of {directory}");
    }

    /// <summary>The strategies, plain first.</summary>
    public IReadOnlyList<string> Strategies(ParseResult parsed) => parsed.GetValue(_strategies) is { Length: > 0 } names
        ? [.. ReplayStrategies.All.Where(name => name == ReplayStrategies.Plain || names.Contains(name))]
        : ReplayStrategies.All;

    /// <summary>How to replay.</summary>
    /// <exception cref="UsageException">The latency table is none.</exception>
    public ReplayOptions Read(ParseResult parsed)
    {
        try
        {
            return new ReplayOptions { Latency = LatencyTable.Parse(Latency(parsed)), Lookahead = parsed.GetValue(_lookahead) };
        }
        catch (FormatException e)
        {
            throw new UsageException($"--latency: {e.Message}");
        }
    }
}
