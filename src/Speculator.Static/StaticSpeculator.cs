using System.Diagnostics.CodeAnalysis;
using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Core.Sampling;
using Atlas.Modeling.Drafting;
using Atlas.Modeling.Engine;

namespace Atlas.Speculator.Static;

/// <summary>
/// The heavyweight draft model: a decoder of the target's vocabulary that drafts chains, or trees that branch where it is unsure (dynamic
/// draft trees after EAGLE-2, arXiv 2406.16858). It samples with the target's own noise (Gumbel coupling, arXiv 2408.07978), so trees branch
/// on perturbed logits. Its cache keeps the rows of an accepted path; a refused draft costs a truncation. Used from the decoding thread;
/// allocates nothing once its sequences are open.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "Caches are released sequence by sequence.")]
public sealed class StaticSpeculator : ISpeculator
{
    private readonly IDecoder _decoder;
    private readonly StaticSpeculatorOptions _options;
    private readonly BatchPlan _plan = new();
    private readonly ChildDraws _draws;
    private readonly Dictionary<long, DraftSlot> _slots = [];

    /// <summary>A speculator over a loaded draft model, which stays the caller's to dispose.</summary>
    /// <exception cref="ArgumentException">The options are out of range.</exception>
    public StaticSpeculator(IDecoder decoder, StaticSpeculatorOptions options)
    {
        if (options.Candidates is < 2 or > CoupledSampler.MaxRanked)
            throw new ArgumentException($"{options.Candidates} candidates per node; expected 2 to {CoupledSampler.MaxRanked}", nameof(options));
        _decoder = decoder;
        _options = options;
        _draws = new ChildDraws(options.Candidates, decoder.Config.VocabularySize);
    }

    /// <inheritdoc/>
    public string Name => "static";

    /// <inheritdoc/>
    public void Propose(ReadOnlySpan<DecodeSequence> batch)
    {
        foreach (var sequence in batch)
            if (CanDraft(sequence))
                Open(sequence).Begin(sequence);
        while (ReadMissing(batch)) { }
        for (int level = 1; Expand(batch, level); level++) { }
        foreach (var sequence in batch)
        {
            if (!CanDraft(sequence)) continue;
            Open(sequence).Tree.WriteTo(sequence.Draft, sequence.Budget.Nodes);
            sequence.Draft.Speculator = new SpeculatorStamp(Name, 0);
        }
    }

    /// <inheritdoc/>
    public void Release(DecodeSequence sequence)
    {
        if (_slots.Remove(sequence.Id, out var slot)) slot.Cache.Dispose();
    }

    private DraftSlot Open(DecodeSequence sequence)
    {
        if (!_slots.TryGetValue(sequence.Id, out var slot))
            _slots.Add(sequence.Id, slot = new DraftSlot(_decoder.OpenSequence(), sequence.Draft.Capacity, _options.Candidates));
        return slot;
    }

    // One forward over tokens the caches lack. Sequences that are then up to date get the first level of their tree. Returns whether any
    // sequence lacks more.
    private bool ReadMissing(ReadOnlySpan<DecodeSequence> batch)
    {
        _plan.Clear();
        _draws.Clear();
        bool more = false;
        foreach (var sequence in batch)
        {
            if (!CanDraft(sequence)) continue;
            var slot = Open(sequence);
            var missing = sequence.Tokens[slot.Cache.Length..];
            int rows = Math.Min(missing.Length, Math.Min(_decoder.Options.MaxPending, _decoder.Options.MaxRows - _plan.Rows));
            more |= rows < missing.Length;
            if (rows == 0) continue;
            _plan.Begin(slot.Cache);
            _plan.AddChain(missing[..rows], BatchPlan.NoParent, lastOutput: rows == missing.Length);
            if (rows == missing.Length) _draws.Add(sequence, slot.Tree, DraftTree.Root, _plan.Rows - 1);
        }
        if (_plan.Rows == 0) return false;
        var result = _decoder.Forward(_plan);
        for (int i = 0; i < _plan.SegmentCount; i++)
            _plan.Segment(i).Sequence.CommitChain(_plan.Segment(i).Count);
        _draws.Draw(result);
        return more;
    }

    // One forward over the nodes of a level that are worth going on from; their children form the next level. Returns whether there were any.
    private bool Expand(ReadOnlySpan<DecodeSequence> batch, int level)
    {
        _plan.Clear();
        _draws.Clear();
        foreach (var sequence in batch)
        {
            if (sequence.Budget.Depth <= level || !CanDraft(sequence)) continue;
            var slot = Open(sequence);
            float least = Math.Max(_options.MinPathConfidence, sequence.Budget.Gate?.Threshold ?? 0f);
            var frontier = slot.Tree.Frontier(level, sequence.Budget, least);
            int room = Math.Min(_decoder.Options.MaxRows - _plan.Rows, _decoder.Options.MaxPending - slot.Cache.Pending);
            if (frontier.Length > room) frontier = frontier[..room];
            if (frontier.IsEmpty || !FitsContext(sequence, level)) continue;
            _plan.Begin(slot.Cache);
            foreach (int node in frontier)
            {
                int row = _plan.Add(slot.Tree.Token(node), slot.PendingParent(node), output: true);
                slot.AddPending(node);
                _draws.Add(sequence, slot.Tree, node, row);
            }
        }
        if (_plan.Rows == 0) return false;
        _draws.Draw(_decoder.Forward(_plan));
        return true;
    }

    // The draft model's own context may be shorter than the target's.
    private bool CanDraft(DecodeSequence sequence) => sequence.Budget.Depth > 0 && FitsContext(sequence, 0);

    private bool FitsContext(DecodeSequence sequence, int level) => sequence.Length + level <= _decoder.Options.ContextLength;
}
