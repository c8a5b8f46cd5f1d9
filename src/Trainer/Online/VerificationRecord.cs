using Atlas.Core.Decoding;
using Atlas.Core.Sampling;

namespace Atlas.Trainer.Online;

/// <summary>
/// What one step verified of one sequence: the rows that read emitted text (its last token, then accepted draft tokens), with the target's
/// state and most probable next tokens at each. Reused.
/// </summary>
internal sealed class VerificationRecord
{
    private readonly int _topK;
    private readonly int _width;

    public VerificationRecord(int maxRows, int width, int topK)
    {
        _topK = topK;
        _width = width;
        Tokens = new int[maxRows + 1];
        TopTokens = new int[maxRows * topK];
        TopProbabilities = new float[maxRows * topK];
        States = new float[maxRows * width];
    }

    /// <summary>Best tokens per row.</summary>
    public int TopK => _topK;

    /// <summary>Whose traffic.</summary>
    public string Namespace { get; set; } = "";

    /// <summary>The sequence's id.</summary>
    public long Sequence { get; set; }

    /// <summary>Position of the first row's token.</summary>
    public int Position { get; set; }

    /// <summary>Rows.</summary>
    public int Count { get; set; }

    /// <summary>Whether the sequence ended with this step.</summary>
    public bool IsLast { get; set; }

    /// <summary>How the sequence's tokens are drawn.</summary>
    public SamplingOptions Sampling { get; set; } = SamplingOptions.Greedy;

    /// <summary>Which of the target's weights the states belong to.</summary>
    public long TargetEpoch { get; set; }

    /// <summary>Version of the learned speculator that drafted; -1 where none did.</summary>
    public long DraftVersion { get; set; }

    /// <summary>Whether a draft token was accepted.</summary>
    public bool DraftAccepted { get; set; }

    /// <summary>The rows' tokens, and the one that was emitted after the last.</summary>
    public int[] Tokens { get; }

    /// <summary>The target's best next tokens after each row, -1 where fewer.</summary>
    public int[] TopTokens { get; }

    /// <summary>Their probabilities.</summary>
    public float[] TopProbabilities { get; }

    /// <summary>The rows' states.</summary>
    public float[] States { get; }

    /// <summary>State of a row.</summary>
    public Span<float> State(int row) => States.AsSpan(row * _width, _width);

    /// <summary>Best tokens of a row.</summary>
    public ReadOnlySpan<int> Top(int row) => TopTokens.AsSpan(row * _topK, _topK);

    /// <summary>Their probabilities.</summary>
    public ReadOnlySpan<float> Probabilities(int row) => TopProbabilities.AsSpan(row * _topK, _topK);

    /// <summary>Takes the sequence's part: everything but states and probabilities.</summary>
    public void Take(DecodeSequence sequence, int emitted)
    {
        Namespace = sequence.Namespace;
        Sequence = sequence.Id;
        Position = sequence.Length - 1 - emitted;
        Count = emitted;
        IsLast = sequence.Finish is not null;
        Sampling = sequence.Sampling.Options;
        sequence.Tokens.Slice(Position, emitted + 1).CopyTo(Tokens);
    }

    /// <summary>
    /// Whether all that it holds can be learned from: tokens inside the vocabulary, states finite, probabilities between 0 and 1.
    /// </summary>
    public bool IsSound(int vocabulary)
    {
        foreach (int token in Tokens.AsSpan(0, Count + 1))
            if ((uint)token >= (uint)vocabulary)
                return false;
        foreach (int token in TopTokens.AsSpan(0, Count * _topK))
            if (token < -1 || token >= vocabulary)
                return false;
        foreach (float probability in TopProbabilities.AsSpan(0, Count * _topK))
            if (!(probability >= 0f && probability <= 1.0001f))
                return false;
        foreach (float value in States.AsSpan(0, Count * _width))
            if (!float.IsFinite(value))
                return false;
        return true;
    }
}
