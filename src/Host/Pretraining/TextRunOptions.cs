using System.CommandLine;
using Atlas.Evaluation.Recipes;
using Atlas.Host.CommandLine;

namespace Atlas.Host.Pretraining;

/// <summary>The options of <c>atlas pretrain</c> for one decoder and text files.</summary>
internal sealed class TextRunOptions
{
    private readonly Option<string[]> _text = new("--text")
    {
        Description = "Trains one decoder on these UTF-8 files.",
        HelpName = "files",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string?> _tokenizer = new("--tokenizer")
    {
        Description = "With --text: a tokenizer.json to use. Default: one is learned from the files.",
        HelpName = "file",
    };

    private readonly Option<int> _vocabulary = WholeNumber.Option("--vocabulary", 2048, 300, "With --text: tokens of a learned vocabulary.");
    private readonly Option<int> _hidden = WholeNumber.Option("--hidden", 256, 8, "With --text: width of the residual stream.");
    private readonly Option<int> _feedForward = WholeNumber.Option("--ffn", 704, 1, "With --text: width of the feed-forward layer.");
    private readonly Option<int> _layers = WholeNumber.Option("--layers", 4, 1, "With --text: transformer blocks.");
    private readonly Option<int> _heads = WholeNumber.Option("--heads", 4, 1, "With --text: query heads.");
    private readonly Option<int> _kvHeads = WholeNumber.Option("--kv-heads", 2, 1, "With --text: key/value heads.");
    private readonly Option<int> _context = WholeNumber.Option("--context", 256, 16, "With --text: most tokens of a sequence.");
    private readonly Option<int> _updates = WholeNumber.Option("--updates", 500, 1, "With --text: optimizer updates.");
    private readonly Option<int> _batch = WholeNumber.Option("--batch-tokens", 4096, 16, "With --text: tokens per update.");
    private readonly Option<int> _checkpoint = WholeNumber.Option("--checkpoint-updates", 500, 1, "With --text: updates between training checkpoints.");
    private readonly Option<ulong> _seed = new("--seed") { Description = "With --text: keys all random choices.", DefaultValueFactory = _ => 1UL };
    private readonly Option<double> _rate = new("--learning-rate") { Description = "With --text: highest learning rate.", DefaultValueFactory = _ => 2e-3 };

    private Option[] All =>
    [
        _text, _tokenizer, _vocabulary, _hidden, _feedForward, _layers, _heads, _kvHeads, _context, _updates, _batch, _checkpoint, _rate, _seed,
    ];

    public void AddTo(Command command)
    {
        foreach (Option option in All) command.Add(option);
    }

    /// <summary>The name of the first of these options that the command line has; null when it has none.</summary>
    public string? FirstGiven(ParseResult parsed) => All.FirstOrDefault(o => parsed.GetResult(o) is { Implicit: false })?.Name;

    public bool IsGiven(ParseResult parsed) => parsed.GetValue(_text) is { Length: > 0 };

    public TextRecipe Read(ParseResult parsed)
    {
        var model = new ModelRecipe
        {
            HiddenSize = parsed.GetValue(_hidden),
            IntermediateSize = parsed.GetValue(_feedForward),
            Layers = parsed.GetValue(_layers),
            Heads = parsed.GetValue(_heads),
            KvHeads = parsed.GetValue(_kvHeads),
            ContextLength = parsed.GetValue(_context),
            Domains = [],
            Updates = parsed.GetValue(_updates),
            BatchTokens = parsed.GetValue(_batch),
            CheckpointUpdates = parsed.GetValue(_checkpoint),
            LearningRate = (float)parsed.GetValue(_rate),
        };
        return new TextRecipe(parsed.GetValue(_text)!, parsed.GetValue(_tokenizer), parsed.GetValue(_vocabulary), model, parsed.GetValue(_seed));
    }
}
