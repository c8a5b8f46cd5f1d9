using Atlas.Core.Decoding;
using Atlas.Core.Drafting;

namespace Atlas.Engine;

/// <summary>
/// Lets several speculators draft for the same sequences and joins their trees: a path that more than one of them proposed is verified once
/// (token trees of several speculators in one forward: SpecInfer, arXiv 2305.09781, section 3). Whom it invokes for a sequence and how far
/// each may look ahead is the planner's decision (<see cref="DecodeSequence.Shares"/>); then the joined tree is left whole, for the planner to
/// cut. Without shares everybody drafts within the sequence's budget, and the joined tree is cut to it. Allocates nothing once it has seen its
/// largest batch. Not for sequences that keep distributions (classical rejection sampling). Used from the decoding thread.
/// </summary>
public sealed class MergedSpeculator : ISpeculator
{
    private readonly ISpeculator[] _speculators;
    private readonly List<DraftTree> _merged = [];
    private readonly TreePruning _pruning = new();
    private DecodeSequence[] _invoked = [];
    private DraftBudget[] _budgets = [];

    /// <summary>Merges the drafts of these speculators; their order gives them their indices in stamps, shares and metrics.</summary>
    /// <exception cref="ArgumentException">There are none, more than a tree can name, or two with one name.</exception>
    public MergedSpeculator(IReadOnlyList<ISpeculator> speculators)
    {
        if (speculators.Count is 0 or > DraftTree.MaxSpeculators)
            throw new ArgumentException($"{speculators.Count} speculators; expected 1 to {DraftTree.MaxSpeculators}", nameof(speculators));
        if (speculators.Select(s => s.Name).Distinct().Count() < speculators.Count)
            throw new ArgumentException("two speculators have the same name", nameof(speculators));
        _speculators = [.. speculators];
    }

    /// <inheritdoc/>
    public string Name => "merged";

    /// <summary>The speculators, by index.</summary>
    public IReadOnlyList<ISpeculator> Speculators => _speculators;

    /// <inheritdoc/>
    public void Propose(ReadOnlySpan<DecodeSequence> batch)
    {
        Reserve(batch);
        for (int i = 0; i < batch.Length; i++) _budgets[i] = batch[i].Budget;
        for (int index = 0; index < _speculators.Length; index++) Invoke(index, batch);
        for (int i = 0; i < batch.Length; i++)
        {
            var (sequence, merged) = (batch[i], _merged[i]);
            sequence.Budget = _budgets[i];
            _pruning.KeepBest(merged, sequence.Shares is null ? Math.Min(sequence.Budget.Nodes, sequence.Draft.Capacity) : sequence.Draft.Capacity);
            sequence.Draft.CopyFrom(merged);
            _invoked[i] = null!;
        }
    }

    /// <inheritdoc/>
    public void Release(DecodeSequence sequence)
    {
        foreach (var speculator in _speculators) speculator.Release(sequence);
    }

    // One speculator drafts, in one call, for the sequences that it is to draft for; its trees join those of the speculators before it.
    private void Invoke(int index, ReadOnlySpan<DecodeSequence> batch)
    {
        int count = 0;
        for (int i = 0; i < batch.Length; i++)
        {
            var sequence = batch[i];
            sequence.Budget = sequence.Shares is { } shares ? shares[index] : _budgets[i];
            sequence.Draft.Clear();
            if (sequence.Budget.Depth > 0) _invoked[count++] = sequence;
        }
        if (count == 0) return;
        _speculators[index].Propose(_invoked.AsSpan(0, count));
        for (int i = 0; i < batch.Length; i++)
            if (batch[i].Budget.Depth > 0)
                _merged[i].Merge(batch[i].Draft, index);
    }

    private void Reserve(ReadOnlySpan<DecodeSequence> batch)
    {
        if (_invoked.Length < batch.Length)
        {
            _invoked = new DecodeSequence[batch.Length];
            _budgets = new DraftBudget[batch.Length];
        }
        for (int i = 0; i < batch.Length; i++)
        {
            if (batch[i].DraftProbabilities is not null && _speculators.Length > 1)
                throw new InvalidOperationException("rejection sampling verifies the draft of one speculator; this one merges several");
            int nodes = batch[i].Draft.Capacity * _speculators.Length;
            if (i == _merged.Count) _merged.Add(new DraftTree(nodes));
            else if (_merged[i].Capacity < nodes) _merged[i] = new DraftTree(nodes);
            _merged[i].Clear();
        }
    }
}
