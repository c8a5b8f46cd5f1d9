using Atlas.Core.Decoding;
using Atlas.Evaluation.Benchmarks;
using Atlas.Modeling.Training;
using Atlas.Speculator.Adaptive.Learned;

namespace Atlas.Evaluation.Replay;

/// <summary>
/// Teaches the learned speculator what a replay emits, one head per namespace, each position once when it comes and in place: no background, no
/// shadow test, so that the outcome is the same every time. Of more namespaces than it keeps, the one not used for longest is forgotten. Used
/// from the decoding thread.
/// </summary>
internal sealed class ReplayLearner(IHeadFactory heads, LearnedSlots slots, AdamWStep step) : IVerificationObserver, IDisposable
{
    // About ten megabytes each.
    private const int MostNamespaces = 32;

    // Least recently used first.
    private readonly LinkedList<(string Name, ITrainableHead Head, StreamLearner Learner)> _used = [];
    private readonly Dictionary<string, LinkedListNode<(string Name, ITrainableHead Head, StreamLearner Learner)>> _byName = new(StringComparer.Ordinal);

    /// <summary>A sequence of this namespace is about to be decoded: it begins with an untrained head, which copies.</summary>
    public void Open(string name)
    {
        if (_byName.TryGetValue(name, out var known))
        {
            _used.Remove(known);
            _used.AddLast(known);
            return;
        }
        if (_used.Count == MostNamespaces) Forget(_used.First!);
        var head = heads.Create(null, 1);
        slots.Of(name).Publish(new LearnedVersion(1, head));
        _byName.Add(name, _used.AddLast((name, head, new StreamLearner(head, heads.StateWidth, step, repetitions: 0))));
    }

    /// <inheritdoc/>
    public void OnVerified(DecodeSequence sequence, ReadOnlySpan<int> accepted, int emitted)
    {
        var learner = _byName[sequence.Namespace].Value.Learner;
        var tokens = sequence.Tokens;
        for (int at = tokens.Length - emitted; at < tokens.Length; at++) learner.Add(tokens[..at], tokens[at]);
        learner.Learn();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_used.First is { } one) Forget(one);
    }

    private void Forget(LinkedListNode<(string Name, ITrainableHead Head, StreamLearner Learner)> one)
    {
        var (name, head, learner) = one.Value;
        _used.Remove(one);
        _byName.Remove(name);
        slots.Of(name).Publish(null);
        learner.Dispose();
        head.Dispose();
    }
}
