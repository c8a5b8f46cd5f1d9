using System.CommandLine;
using System.Globalization;
using Atlas.Evaluation.Benchmarks;
using Atlas.Host.CommandLine;

namespace Atlas.Host.Bench;

/// <summary>The options of <c>atlas bench --speculative</c>: what a speculative step is made of.</summary>
internal sealed class StepBenchOptionSet
{
    // A step's tokens must fit behind the context.
    private const int MostLookahead = 31;
    private static readonly StepBenchmarkOptions Default = new();

    private readonly Option<bool> _asked = new("--speculative")
    {
        Description = "Measures something else: forwards over batches and rows, a draft model's step, the learned speculator, and a whole speculative step beside its forwards.",
    };

    private readonly Option<int> _layers = WholeNumber.Option("--draft-layers", Default.Draft.Layers, 1, "With --speculative: the draft model's blocks.");
    private readonly Option<int> _width = WholeNumber.Option("--draft-width", Default.Draft.Width, 1, "With --speculative: width of its residual stream.");
    private readonly Option<int> _heads = WholeNumber.Option("--draft-heads", Default.Draft.Heads, 1, "With --speculative: its query heads.");
    private readonly Option<int> _kvHeads = WholeNumber.Option("--draft-kv-heads", Default.Draft.KvHeads, 1, "With --speculative: its key/value heads.");
    private readonly Option<int> _feedForward = WholeNumber.Option("--draft-ffn", Default.Draft.FeedForward, 1, "With --speculative: width of its feed-forward layer.");
    private readonly Option<int> _lookahead = WholeNumber.Option("--lookahead", Default.Lookahead, 1, "With --speculative: draft tokens of the whole step.");
    private readonly Option<string> _batches = Counts("--batches", Default.Batches, "With --speculative: sequences of a forward, rising from 1.");
    private readonly Option<string> _rows = Counts("--rows", Default.Rows, "With --speculative: rows of each sequence, rising from 1.");

    private readonly Option<string?> _table = new("--latency-table")
    {
        Description = "With --speculative: writes what was measured as a latency table for rl --latency-table.",
        HelpName = "file",
    };

    public StepBenchOptionSet()
    {
        _lookahead.MustBe(n => n is >= 1 and <= MostLookahead, $"1 to {MostLookahead}");
    }

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_asked, _layers, _width, _heads, _kvHeads, _feedForward, _lookahead, _batches, _rows, _table]) command.Add(option);
    }

    /// <summary>Whether this is what is to be measured.</summary>
    public bool IsAsked(ParseResult parsed) => parsed.GetValue(_asked);

    /// <summary>File for the latency table; null where none is wanted.</summary>
    public string? TableFile(ParseResult parsed) => parsed.GetValue(_table);

    /// <summary>What was asked for.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="target">Target, format and rounds.</param>
    /// <exception cref="UsageException">The sizes make no draft model, or batches or rows do not rise from 1.</exception>
    public StepBenchmarkOptions Read(ParseResult parsed, BenchmarkOptions target)
    {
        var draft = new BenchmarkShape
        {
            Layers = parsed.GetValue(_layers),
            Width = parsed.GetValue(_width),
            Heads = parsed.GetValue(_heads),
            KvHeads = parsed.GetValue(_kvHeads),
            FeedForward = parsed.GetValue(_feedForward),
        };
        BenchOptionSet.CheckHeads(draft, "--draft-");
        return new StepBenchmarkOptions
        {
            Target = target.Shape,
            Draft = draft,
            Format = target.Format,
            Rounds = target.Rounds,
            Lookahead = parsed.GetValue(_lookahead),
            Batches = Parse("--batches", parsed.GetValue(_batches)!),
            Rows = Parse("--rows", parsed.GetValue(_rows)!),
        };
    }

    private static Option<string> Counts(string name, IReadOnlyList<int> value, string description) => new(name)
    {
        Description = description,
        HelpName = "n,n,...",
        DefaultValueFactory = _ => string.Join(',', value),
    };

    private static int[] Parse(string option, string text)
    {
        var counts = new List<int>();
        foreach (string part in text.Split(','))
        {
            bool isNumber = int.TryParse(part.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int count);
            if (!isNumber || count <= (counts.Count == 0 ? 0 : counts[^1]) || counts.Count == 0 && count != 1)
                throw new UsageException($"{option} is {text}; expected numbers that rise from 1, such as 1,8,32");
            counts.Add(count);
        }
        return [.. counts];
    }
}
