using Atlas.Core.Decoding;
using Atlas.Core.Sampling;
using Atlas.Modeling.Engine;
using Atlas.Modeling.Training;

namespace Atlas.Speculator.Adaptive.Tests.Learned;

/// <summary>Keeps, of plainly decoded sequences, every token's state and what the target said after it.</summary>
public sealed class StateRecorder : IVerificationObserver, IDisposable
{
    private const int K = 4;

    private readonly Dictionary<long, List<(int Token, IRetainedHiddenStates State, SampledToken[] Top)>> _texts = [];

    public ITargetRows? Target { get; set; }

    public void OnVerified(DecodeSequence sequence, ReadOnlySpan<int> accepted, int emitted)
    {
        Assert.True(Target!.TryGetRows(sequence, out var rows));
        Assert.Equal(rows.Root, rows.Last);
        var top = new SampledToken[K];
        rows.Result.TopK([rows.Last], K, top);
        if (!_texts.TryGetValue(sequence.Id, out var text)) _texts.Add(sequence.Id, text = []);
        text.Add((sequence.Tokens[^2], rows.Result.Hidden.Retain([rows.Last]), top));
    }

    /// <summary>All windows of so many fed tokens.</summary>
    /// <param name="length">Fed tokens of a window.</param>
    /// <param name="certain">
    /// Whether the best token is taught as if it were certain: a random target's tokens are close to each other, and a head that has learned
    /// the target's probabilities well still confuses the first two.
    /// </param>
    public HeadExample[] Examples(int length, bool certain)
    {
        var examples = new List<HeadExample>();
        foreach (var text in _texts.Values)
            for (int start = 0; start + length < text.Count; start++)
            {
                var fed = text.Skip(start + 1).Take(length).ToArray();
                examples.Add(new HeadExample(
                    text[start].State, 0, [.. fed.Select(f => f.Token)], [.. fed.SelectMany(f => f.Top.Select(t => t.Token))],
                    [.. fed.SelectMany(f => f.Top.Select((t, k) => !certain ? MathF.Exp(t.LogProb) : k == 0 ? 1f : 0f))]));
            }
        return [.. examples];
    }

    public void Dispose()
    {
        foreach (var (_, state, _) in _texts.Values.SelectMany(t => t)) state.Dispose();
    }
}
