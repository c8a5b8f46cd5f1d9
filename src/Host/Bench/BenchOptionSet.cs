using System.CommandLine;
using System.Globalization;
using Atlas.Evaluation.Benchmarks;
using Atlas.Host.CommandLine;
using Atlas.Modeling;

namespace Atlas.Host.Bench;

/// <summary>The options of <c>atlas bench</c>: the model's shape, its weights' format, and how often all is repeated.</summary>
internal sealed class BenchOptionSet
{
    private const int LongestContext = 1 << 20;
    private static readonly BenchmarkShape DefaultShape = new();

    private readonly Option<int> _layers = WholeNumber.Option("--layers", DefaultShape.Layers, 1, "Transformer blocks.");
    private readonly Option<int> _width = WholeNumber.Option("--width", DefaultShape.Width, 1, "Width of the residual stream.");
    private readonly Option<int> _heads = WholeNumber.Option("--heads", DefaultShape.Heads, 1, "Query heads.");
    private readonly Option<int> _kvHeads = WholeNumber.Option("--kv-heads", DefaultShape.KvHeads, 1, "Key/value heads.");
    private readonly Option<int> _feedForward = WholeNumber.Option("--ffn", DefaultShape.FeedForward, 1, "Width of the feed-forward layer.");
    private readonly Option<int> _vocabulary = WholeNumber.Option("--vocabulary", DefaultShape.Vocabulary, 1, "Token ids.");

    private readonly Option<int> _context = new("--context")
    {
        Description = "Tokens in the cache while decoding is measured.",
        DefaultValueFactory = _ => DefaultShape.Context,
    };

    private readonly Option<string> _format = new("--dtype")
    {
        Description = "How matrices are kept: f32, bf16, int8 (cpu engine) or f16 (torch engine). bf16 and int8 are measured in any case where the engine has them, so that they stand side by side.",
        DefaultValueFactory = _ => "bf16",
    };

    private readonly Option<int> _rounds = WholeNumber.Option(
        "--rounds", new BenchmarkOptions().Rounds, 1, "Rounds that medians are taken over; in each, everything takes its turn.");

    private readonly Option<int> _suffixTokens = WholeNumber.Option(
        "--suffix-tokens", 1_000_000, 0, "Tokens in the suffix store that is measured; 0 leaves it out.");

    private readonly Option<double?> _acceptance = new("--acceptance")
    {
        Description = "Measures something else: how bf16, int8 and speculation compound when drafts are right with this probability.",
        HelpName = "probability",
    };

    private readonly Option<int> _requests = WholeNumber.Option("--requests", 6, 1, "With --acceptance: requests decoded in each way.");
    private readonly Option<int> _tokens = WholeNumber.Option("--tokens", 64, 2, "With --acceptance: tokens per request.");

    public BenchOptionSet()
    {
        _acceptance.MustBe(p => p is null or (>= 0 and <= 1), "0 to 1");
        _format.AcceptOnlyFromAmong("f32", "bf16", "int8", "f16");
        _context.MustBe(n => n is >= 1 and <= LongestContext, $"1 to {LongestContext}");
    }

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_layers, _width, _heads, _kvHeads, _feedForward, _vocabulary, _context, _format, _rounds, _suffixTokens, _acceptance, _requests, _tokens])
            command.Add(option);
    }

    /// <summary>What was asked for.</summary>
    /// <exception cref="UsageException">The sizes make no model.</exception>
    public BenchmarkOptions Read(ParseResult parsed)
    {
        var shape = new BenchmarkShape
        {
            Layers = parsed.GetValue(_layers),
            Width = parsed.GetValue(_width),
            Heads = parsed.GetValue(_heads),
            KvHeads = parsed.GetValue(_kvHeads),
            FeedForward = parsed.GetValue(_feedForward),
            Vocabulary = parsed.GetValue(_vocabulary),
            Context = parsed.GetValue(_context),
        };
        CheckHeads(shape, "--");
        return new BenchmarkOptions
        {
            Shape = shape,
            Format = ModelOptions.ParseFormat(parsed.GetValue(_format)!),
            Rounds = parsed.GetValue(_rounds),
        };
    }

    /// <summary>Tokens in the suffix store that is measured; 0 for none.</summary>
    public int SuffixTokens(ParseResult parsed) => parsed.GetValue(_suffixTokens);

    /// <summary>Draft quality of the measurement in place of all others; null where it was not asked for.</summary>
    public double? Acceptance(ParseResult parsed) => parsed.GetValue(_acceptance);

    /// <summary>Requests of that measurement, and tokens of each.</summary>
    public (int Requests, int Tokens) AcceptanceSize(ParseResult parsed) => (parsed.GetValue(_requests), parsed.GetValue(_tokens));

    /// <summary>Refuses widths that the heads do not divide.</summary>
    /// <param name="shape">What was asked for.</param>
    /// <param name="prefix">What the options' names begin with.</param>
    /// <exception cref="UsageException">The sizes make no model.</exception>
    public static void CheckHeads(BenchmarkShape shape, string prefix)
    {
        if (shape.Width % shape.Heads != 0 || shape.Width / shape.Heads % 2 != 0)
            throw new UsageException($"{prefix}width {shape.Width} over {prefix}heads {shape.Heads} is no even head width; expected a multiple of twice the heads");
        if (shape.Heads % shape.KvHeads != 0)
            throw new UsageException($"{prefix}heads is {shape.Heads}; expected a multiple of {prefix}kv-heads {shape.KvHeads}");
    }

    /// <summary>Refuses a model that the memory of this machine does not hold, before minutes go into filling it.</summary>
    /// <exception cref="UsageException">It is too large.</exception>
    public static void CheckFitsMemory(BenchmarkOptions options)
    {
        double needed = options.LeastMemory, there = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (needed > there)
            throw new UsageException(string.Create(CultureInfo.InvariantCulture,
                $"a model of --layers {options.Shape.Layers}, --width {options.Shape.Width}, --ffn {options.Shape.FeedForward}, --vocabulary {options.Shape.Vocabulary} and --context {options.Shape.Context} takes {needed / 1e9:F1} GB in all formats measured; expected at most {there / 1e9:F1} GB, this machine's memory"));
    }
}
