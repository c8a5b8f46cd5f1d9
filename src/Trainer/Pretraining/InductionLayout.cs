using Atlas.Modeling;

namespace Atlas.Trainer.Pretraining;

/// <summary>How <see cref="InductionStart"/> divides the residual stream and the dimensions of a head.</summary>
internal sealed class InductionLayout
{
    // Dimensions that turn by less than this over half the context compare contents.
    private const double MatchTurn = 1;

    /// <summary>The division for one shape.</summary>
    public InductionLayout(ModelConfig config)
    {
        Config = config;
        Frequencies = config.Rope.InverseFrequencies(config.HeadDim);
        int pairs = Frequencies.Length;
        FirstMatchPair = Enumerable.Range(0, pairs).FirstOrDefault(pair => Frequencies[pair] * config.ContextLength / 2 <= MatchTurn, pairs);
        CodeWidth = Math.Min(config.HeadDim, Code / config.KvHeads);
        PreviousWidth = Math.Min(CodeWidth, config.HiddenSize / 4 / config.KvHeads);
        EarlierWidth = config.Heads > config.KvHeads ? Math.Min(CodeWidth, config.HiddenSize / 8 / config.KvHeads) : 0;
    }

    /// <summary>The shape.</summary>
    public ModelConfig Config { get; }

    /// <summary>Radians per position of each pair of a head's dimensions.</summary>
    public double[] Frequencies { get; }

    /// <summary>Coordinates of the residual stream that hold the token's own code: from 0 to this.</summary>
    public int Code => Config.HiddenSize / 2;

    /// <summary>First coordinate of the preceding token's code.</summary>
    public int Previous => Config.HiddenSize / 2;

    /// <summary>First coordinate of the second preceding token's code.</summary>
    public int Earlier => 3 * Config.HiddenSize / 4;

    /// <summary>First coordinate of the constant part.</summary>
    public int Constant => 7 * Config.HiddenSize / 8;

    /// <summary>Coordinates of a code that one key/value head carries.</summary>
    public int CodeWidth { get; }

    /// <summary>Coordinates of the preceding token's code that one key/value head writes.</summary>
    public int PreviousWidth { get; }

    /// <summary>Coordinates of the second preceding token's code that one key/value head writes; 0 where each has one query head.</summary>
    public int EarlierWidth { get; }

    /// <summary>First pair of a head's dimensions that hardly turns.</summary>
    public int FirstMatchPair { get; }

    /// <summary>Dimensions of a head that hardly turn.</summary>
    public int MatchWidth => 2 * (Frequencies.Length - FirstMatchPair);

    /// <summary>Query heads of one key/value head.</summary>
    public int GroupSize => Config.Heads / Config.KvHeads;

    /// <summary>The dimension of a head in which comparison number <paramref name="index"/> takes place.</summary>
    public int MatchDimension(int index)
    {
        int pairs = Frequencies.Length - FirstMatchPair;
        return index < pairs ? FirstMatchPair + index : Frequencies.Length + FirstMatchPair + index - pairs;
    }
}
