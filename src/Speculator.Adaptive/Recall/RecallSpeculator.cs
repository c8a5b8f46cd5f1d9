using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Modeling.Engine;
using Atlas.Speculator.Adaptive.Voting;

namespace Atlas.Speculator.Adaptive.Recall;

/// <summary>
/// Drafts what followed when the target was in a similar state before: nearest neighbours among the hidden states that its namespace's tokens
/// were drawn from, as kNN-LM finds next tokens (Khandelwal et al., arXiv 1911.00172), here whole continuations, for verification instead of
/// for mixing. There is nothing to train: what was emitted can be recalled in the next step. It hears of every step as an observer and drafts
/// for sequences whose last token it heard of. Used from the decoding thread; allocates nothing but where its stores grow.
/// </summary>
public sealed class RecallSpeculator : ISpeculator, IVerificationObserver
{
    private readonly IEmittedStates _states;
    private readonly StateKey _keys;
    private readonly NamespaceStores<RecallStore> _namespaces;
    private readonly Dictionary<long, RecallSlot> _slots = [];
    private readonly VotingDrafter _drafter;
    private readonly RecallEvidence _evidence;
    private readonly float[] _state;
    private readonly sbyte[] _key = new sbyte[StateKey.Width];
    private MatchSet _matches = new(16);
    private long _refused;

    /// <summary>A speculator over a target that runs here, which remembers nothing yet.</summary>
    /// <param name="target">Where the target's states are.</param>
    /// <param name="stateWidth">Length of a state.</param>
    /// <param name="options">How much it keeps, and how it drafts.</param>
    /// <exception cref="ArgumentException">The options are out of range.</exception>
    public RecallSpeculator(ITargetRows target, int stateWidth, RecallOptions options)
        : this(new TargetEmittedStates(target, stateWidth), options) { }

    /// <summary>A speculator over states of any origin, which remembers nothing yet.</summary>
    /// <param name="states">Where the target's states are.</param>
    /// <param name="options">How much it keeps, and how it drafts.</param>
    /// <exception cref="ArgumentException">The options are out of range.</exception>
    public RecallSpeculator(IEmittedStates states, RecallOptions options)
    {
        options.Validate();
        _states = states;
        _keys = new StateKey(states.Width);
        _state = new float[states.Width];
        _namespaces = new NamespaceStores<RecallStore>(() => new RecallStore(options), options.MemoryLimit);
        _drafter = new VotingDrafter(options.VocabularySize, options.MinPathConfidence);
        _evidence = new RecallEvidence(options);
    }

    /// <summary>The name in stamps.</summary>
    public const string SpeculatorName = "recall";

    /// <inheritdoc/>
    public string Name => SpeculatorName;

    /// <summary>Memory of the namespaces' stores.</summary>
    public long Bytes => _namespaces.Bytes;

    /// <summary>States that were no key: not finite, too large to be measured, or without a direction. Readable from any thread.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <inheritdoc/>
    public void OnVerified(DecodeSequence sequence, ReadOnlySpan<int> accepted, int emitted)
    {
        var tokens = sequence.Tokens;
        RecallSlot? slot = null;
        for (int i = 0; i < emitted; i++)
        {
            if (!_states.TryRead(sequence, accepted, emitted, i, _state)) continue;
            int at = tokens.Length - emitted + i;
            if (_keys.TryWrite(_state, _key)) (slot ??= Open(sequence)).Append(_key, tokens[at], at + 1);
            else _refused++;
        }
    }

    /// <inheritdoc/>
    public void Propose(ReadOnlySpan<DecodeSequence> batch)
    {
        foreach (var sequence in batch)
            if (sequence.Budget.Depth > 0 && _slots.TryGetValue(sequence.Id, out var slot))
                Draft(sequence, slot);
    }

    /// <inheritdoc/>
    public void Release(DecodeSequence sequence)
    {
        if (!_slots.Remove(sequence.Id, out var slot)) return;
        slot.Close();
        _namespaces.Trim();
    }

    /// <summary>Drops all that a namespace's store holds; running sequences of it begin anew. Returns whether there was anything.</summary>
    public bool Forget(string name) => _namespaces.Forget(name);

    private void Draft(DecodeSequence sequence, RecallSlot slot)
    {
        int depth = sequence.Budget.Depth;
        if (depth > _matches.MostFollowing) _matches = new MatchSet(depth);
        _matches.Clear(depth);
        if (!slot.TryFind(sequence.Tokens.Length, _matches, _evidence.Similarity)) return;
        _drafter.Draft(sequence, _matches, _evidence);
        sequence.Draft.Speculator = new SpeculatorStamp(Name, slot.Store.Appended);
        sequence.DraftProbabilities?.WritePointMasses(sequence.Draft);
    }

    private RecallSlot Open(DecodeSequence sequence)
    {
        if (!_slots.TryGetValue(sequence.Id, out var slot)) _slots.Add(sequence.Id, slot = new RecallSlot(_namespaces.Use(sequence.Namespace)));
        else if (slot.IsForgotten) slot.Move(_namespaces.Use(sequence.Namespace));
        return slot;
    }
}
