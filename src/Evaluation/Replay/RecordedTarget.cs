using Atlas.Controller.Latency;
using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Core.Sampling;

namespace Atlas.Evaluation.Replay;

/// <summary>
/// A target that says what was recorded, whatever is drafted, and lets the time pass that its forwards would have taken. It computes nothing,
/// so any log of any model can be decoded again through the same step. Used from the decoding thread.
/// </summary>
/// <param name="clock">Whose time its forwards take.</param>
/// <param name="latency">What they take.</param>
/// <param name="maxDraftNodes">Most draft nodes of a sequence in one step.</param>
public sealed class RecordedTarget(ReplayClock clock, LatencyProfile latency, int maxDraftNodes) : ITarget
{
    private const int MostRows = 256;

    private readonly TargetLatency _latency = new(latency);
    private readonly Dictionary<long, int[]> _recorded = [];
    private bool[] _right = new bool[maxDraftNodes];

    /// <inheritdoc/>
    public int MaxDraftNodes => maxDraftNodes;

    /// <inheritdoc/>
    public int ContextLength => int.MaxValue;

    /// <summary>Sequences begun and not released.</summary>
    public int Open => _recorded.Count;

    /// <summary>Seconds that all its forwards would have taken.</summary>
    public double Seconds { get; private set; }

    /// <summary>Takes a sequence in, with what it is going to emit.</summary>
    /// <param name="sequence">May emit no more than <paramref name="output"/> has.</param>
    /// <param name="output">What was recorded; not copied.</param>
    /// <exception cref="ArgumentException">The sequence may emit more tokens than were recorded.</exception>
    public void Begin(DecodeSequence sequence, int[] output)
    {
        if (sequence.Stop.MaxTokens > output.Length)
            throw new ArgumentException($"sequence {sequence.Id} may emit {sequence.Stop.MaxTokens} tokens; expected at most the {output.Length} recorded ones", nameof(sequence));
        _recorded.Add(sequence.Id, output);
    }

    /// <inheritdoc/>
    public bool CanVerify(DecodeSequence sequence) => true;

    /// <inheritdoc/>
    public ForwardRows RowsOf(ReadOnlySpan<DecodeSequence> batch) => new(batch.Length, Math.Max(MostRows - batch.Length, 0), Math.Max(MostRows, batch.Length));

    /// <inheritdoc/>
    public void Verify(ReadOnlySpan<DecodeSequence> batch)
    {
        int rows = batch.Length;
        double context = 0;
        foreach (var sequence in batch)
        {
            Answer(sequence);
            rows += sequence.Draft.Count;
            context += sequence.Length;
        }
        double seconds = _latency.Seconds(rows, context / Math.Max(1, batch.Length));
        Seconds += seconds;
        clock.Pass(seconds);
    }

    /// <inheritdoc/>
    public void Commit(DecodeSequence sequence, ReadOnlySpan<int> path) { }

    /// <inheritdoc/>
    public void Release(DecodeSequence sequence) => _recorded.Remove(sequence.Id);

    // What follows a wrong draft token was never said: such a row has no token.
    private void Answer(DecodeSequence sequence)
    {
        var rest = _recorded[sequence.Id].AsSpan(sequence.Output.Length);
        var draft = sequence.Draft;
        if (_right.Length < draft.Count) _right = new bool[draft.Count];
        sequence.IsVerified = true;
        sequence.Verified[0] = Said(rest, 0);
        for (int node = 0; node < draft.Count; node++)
        {
            int parent = draft.Parents[node], depth = draft.Depths[node];
            _right[node] = (parent == DraftTree.Root || _right[parent]) && depth <= rest.Length && draft.Tokens[node] == rest[depth - 1];
            sequence.Verified[node + 1] = _right[node] ? Said(rest, depth) : Said(default, 0);
        }
    }

    private static SampledToken Said(ReadOnlySpan<int> rest, int at) => new(at < rest.Length ? rest[at] : -1, 0f, 0f);
}
