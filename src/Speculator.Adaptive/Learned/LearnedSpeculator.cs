using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Core.Sampling;
using Atlas.Modeling.Drafting;
using Atlas.Modeling.Engine;
using Atlas.Modeling.Training;

namespace Atlas.Speculator.Adaptive.Learned;

/// <summary>
/// Drafts from the target's own hidden state, or from the text alone: a light head reads the state that the last token was drawn from and that
/// token, and goes on from its own states (EAGLE, arXiv 2401.15077), with the target's noise (Gumbel coupling, arXiv 2408.07978). Trees branch
/// on perturbed logits (EAGLE-2, arXiv 2406.16858). Hidden states stay on the device: they are read where the target's last forward left them.
/// A sequence that has no state, or whose namespace has no version yet, gets no draft. Weights come through
/// <see cref="LearnedSlots"/> and change between two steps only. Used from the decoding thread; allocates nothing once its sequences are known.
/// </summary>
public sealed class LearnedSpeculator : ISpeculator
{
    private const int NoRow = -1;

    private readonly IDraftStates _states;
    private readonly LearnedSpeculatorOptions _options;
    private readonly VersionGroups _groups;
    private readonly ChildDraws _draws;
    private readonly Dictionary<long, LearnedTree> _trees = [];
    private HeadRow[] _rows = [];

    /// <summary>A speculator that drafts with what lies in <paramref name="slots"/>.</summary>
    /// <param name="target">Where the target's states are.</param>
    /// <param name="vocabularySize">The target's full vocabulary.</param>
    /// <param name="slots">Weights.</param>
    /// <param name="options">How to draft.</param>
    /// <exception cref="ArgumentException">The options are out of range.</exception>
    public LearnedSpeculator(ITargetRows target, int vocabularySize, LearnedSlots slots, LearnedSpeculatorOptions options)
        : this(new TargetStates(target), vocabularySize, slots, options) { }

    /// <summary>A speculator that drafts with what lies in <paramref name="slots"/>, from states of any kind.</summary>
    /// <param name="states">What the heads start from: the target's hidden states, or the text (<see cref="TextStates"/>).</param>
    /// <param name="vocabularySize">The target's full vocabulary.</param>
    /// <param name="slots">Weights of heads over such states.</param>
    /// <param name="options">How to draft.</param>
    /// <exception cref="ArgumentException">The options are out of range.</exception>
    public LearnedSpeculator(IDraftStates states, int vocabularySize, LearnedSlots slots, LearnedSpeculatorOptions options)
    {
        if (options.Candidates is < 2 or > CoupledSampler.MaxRanked)
            throw new ArgumentException($"{options.Candidates} candidates per node; expected 2 to {CoupledSampler.MaxRanked}", nameof(options));
        _states = states;
        _options = options;
        _groups = new VersionGroups(slots);
        _draws = new ChildDraws(options.Candidates, vocabularySize);
    }

    /// <summary>The name in stamps where the options give no other.</summary>
    public const string SpeculatorName = "learned";

    /// <inheritdoc/>
    public string Name => _options.Name;

    /// <inheritdoc/>
    public void Propose(ReadOnlySpan<DecodeSequence> batch)
    {
        _groups.Begin(batch);
        try
        {
            for (int group = 0; group < _groups.Count; group++)
                if (_groups.Version(group) is { } version)
                    Draft(batch, group, version);
        }
        finally
        {
            _groups.End();
        }
    }

    /// <inheritdoc/>
    public void Release(DecodeSequence sequence) => _trees.Remove(sequence.Id);

    private void Draft(ReadOnlySpan<DecodeSequence> batch, int group, LearnedVersion version)
    {
        var head = version.Head;
        if (_rows.Length < head.MaxRows) _rows = new HeadRow[head.MaxRows];
        head.BeginDraft();
        int drafting = ReadLastTokens(batch, group, head);
        if (drafting == 0) return;
        var states = Advance(head, drafting);
        for (int level = 1; ReadLevel(batch, group, level, head, states) is var rows and > 0; level++) states = Advance(head, rows);
        for (int i = 0; i < batch.Length; i++)
        {
            if (!Drafts(batch, i, group)) continue;
            var tree = _trees[batch[i].Id].Tree;
            tree.WriteTo(batch[i].Draft, batch[i].Budget.Nodes);
            batch[i].Draft.Speculator = new SpeculatorStamp(Name, version.Number);
        }
    }

    // A sequence drafts when its root has a row in the first forward.
    private bool Drafts(ReadOnlySpan<DecodeSequence> batch, int index, int group) =>
        _groups.Contains(group, index) && _trees.TryGetValue(batch[index].Id, out var tree) && tree.Row(DraftTree.Root) != NoRow;

    // Rows of the first forward: each sequence's last token and the target's state that it was drawn from.
    private int ReadLastTokens(ReadOnlySpan<DecodeSequence> batch, int group, ITrainableHead head)
    {
        _draws.Clear();
        int count = 0;
        for (int i = 0; i < batch.Length; i++)
        {
            if (!_groups.Contains(group, i)) continue;
            var sequence = batch[i];
            var tree = Open(sequence);
            if (count == head.MaxRows || !_states.TryGet(sequence, out var states, out int row))
            {
                tree.Begin(NoRow);
                continue;
            }
            tree.Begin(count);
            _rows[count] = new HeadRow(states, row, sequence.Tokens[^1]);
            _draws.Add(sequence, tree.Tree, DraftTree.Root, count++);
        }
        return count;
    }

    // Rows of the nodes of a level that are worth going on from.
    private int ReadLevel(ReadOnlySpan<DecodeSequence> batch, int group, int level, ITrainableHead head, IHiddenStates states)
    {
        _draws.Clear();
        int count = 0;
        for (int i = 0; i < batch.Length; i++)
        {
            var sequence = batch[i];
            if (sequence.Budget.Depth <= level || !Drafts(batch, i, group)) continue;
            var tree = _trees[sequence.Id];
            float least = Math.Max(_options.MinPathConfidence, sequence.Budget.Gate?.Threshold ?? 0f);
            foreach (int node in tree.Tree.Frontier(level, sequence.Budget, least))
            {
                if (count == head.MaxRows) return count;
                _rows[count] = new HeadRow(states, tree.Row(tree.Tree.Parent(node)), tree.Tree.Token(node));
                tree.SetRow(node, count);
                _draws.Add(sequence, tree.Tree, node, count++);
            }
        }
        return count;
    }

    // One forward of the head; its children join the trees.
    private IHiddenStates Advance(ITrainableHead head, int rows)
    {
        var result = head.Forward(_rows.AsSpan(0, rows));
        _draws.Draw(result, head.HotVocabulary);
        return result.Hidden;
    }

    private LearnedTree Open(DecodeSequence sequence)
    {
        if (!_trees.TryGetValue(sequence.Id, out var tree))
            _trees.Add(sequence.Id, tree = new LearnedTree(sequence.Draft.Capacity, _options.Candidates));
        return tree;
    }
}
