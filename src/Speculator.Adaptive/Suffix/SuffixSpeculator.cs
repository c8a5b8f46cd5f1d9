using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Modeling;
using Atlas.Speculator.Adaptive.Voting;

namespace Atlas.Speculator.Adaptive.Suffix;

/// <summary>
/// Drafts what followed the sequence's last tokens when they occurred before, in its own text and in the texts of its namespace, running ones
/// included (SuffixDecoding, arXiv 2411.04975). Needs no model. A sequence's tokens become findable for its whole namespace in the step after
/// they were emitted, so samples of one prompt that are decoded together draft from each other. Used from the decoding thread; allocates
/// nothing but where its stores grow.
/// </summary>
public sealed class SuffixSpeculator : ISpeculator
{
    // Own indexes are kept for the next sequence up to this many, and up to this size.
    private const int MostPooled = 64;
    private const long MostPooledBytes = 4 << 20;

    private readonly SuffixOptions _options;
    private readonly NamespaceStores<SuffixStore> _namespaces;
    private readonly Dictionary<long, SuffixSlot> _slots = [];
    private readonly Stack<SuffixStore> _pool = new();
    private readonly VotingDrafter _drafter;
    private readonly SuffixEvidence _evidence;
    private MatchSet _matches = new(16);

    /// <summary>A speculator with empty stores.</summary>
    /// <exception cref="ArgumentException">The options are out of range.</exception>
    public SuffixSpeculator(SuffixOptions options)
    {
        options.Validate();
        _options = options;
        _namespaces = new NamespaceStores<SuffixStore>(() => new SuffixStore(options.Shared), options.MemoryLimit);
        _drafter = new VotingDrafter(options.VocabularySize, options.MinPathConfidence);
        _evidence = new SuffixEvidence(options);
    }

    /// <inheritdoc/>
    public string Name => "suffix";

    /// <summary>Names of the namespaces that hold text.</summary>
    public IReadOnlyCollection<string> Namespaces => _namespaces.Names;

    /// <summary>Most memory of the namespaces' stores.</summary>
    public long MemoryLimit => _options.MemoryLimit;

    /// <summary>Memory of the namespaces' stores.</summary>
    public long Bytes => _namespaces.Bytes;

    /// <inheritdoc/>
    public void Propose(ReadOnlySpan<DecodeSequence> batch)
    {
        // A text's last token is appended when all other texts are in place, for its append is what finds the occurrences.
        if (batch.Length > 1)
            foreach (var sequence in batch)
            {
                var slot = Open(sequence);
                slot.Extend(sequence.Tokens[..^1]);
                slot.Prefetch(sequence.Tokens);
            }
        foreach (var sequence in batch)
        {
            var slot = Open(sequence);
            slot.Extend(sequence.Tokens);
            if (sequence.Budget.Depth > 0) Draft(sequence, slot);
        }
    }

    /// <inheritdoc/>
    /// <remarks>What the sequence emitted last joins its namespace's store here, and so does all of a sequence that was never drafted for.</remarks>
    public void Release(DecodeSequence sequence)
    {
        var slot = Open(sequence);
        slot.Extend(sequence.Tokens);
        slot.Close();
        _slots.Remove(sequence.Id);
        Recycle(slot.Own);
        _namespaces.Trim();
    }

    /// <summary>Drops all text of a namespace; running sequences of it begin with their own text anew. Returns whether there was any.</summary>
    public bool Forget(string name) => _namespaces.Forget(name);

    /// <summary>A namespace's store, for saving it; null where there is none.</summary>
    public SuffixStore? Store(string name) => _namespaces.TryGet(name, out var found) ? found.Store : null;

    /// <summary>Tokens that a namespace's store has ever taken: it changes with the store. 0 where there is none.</summary>
    public long Appended(string name) => Store(name)?.Appended ?? 0;

    /// <summary>
    /// Puts a store that <see cref="SuffixFile.Save"/> wrote in the place of a namespace's own, with this speculator's options: where it is
    /// smaller, the oldest texts are evicted.
    /// </summary>
    /// <exception cref="CheckpointException">The bytes are no store, are cut short or changed, or hold foreign tokens; nothing is replaced then.</exception>
    public void Load(string name, Stream source) => Adopt(name, SuffixFile.Load(source, _options.Shared, _options.VocabularySize));

    /// <summary>Puts a store (one that was loaded, say) in the place of a namespace's own, which is forgotten.</summary>
    public void Adopt(string name, SuffixStore store)
    {
        _namespaces.Replace(name, store);
        _namespaces.Trim();
    }

    private SuffixSlot Open(DecodeSequence sequence)
    {
        if (!_slots.TryGetValue(sequence.Id, out var slot))
        {
            var own = _pool.TryPop(out var pooled) ? pooled : new SuffixStore(_options.Own);
            _slots.Add(sequence.Id, slot = new SuffixSlot(own, _namespaces.Use(sequence.Namespace)));
        }
        else if (slot.Shared.IsForgotten)
        {
            slot.Move(_namespaces.Use(sequence.Namespace));
        }
        return slot;
    }

    private void Draft(DecodeSequence sequence, SuffixSlot slot)
    {
        var budget = sequence.Budget;
        if (budget.Depth > _matches.MostFollowing) _matches = new MatchSet(budget.Depth);
        slot.Shared.Store.Prefetch(slot.SharedStream);
        _matches.Clear(budget.Depth);
        slot.Own.Find(slot.OwnStream, sequence.Tokens, _matches, _options.OwnLimits);
        int own = _matches.Count;
        slot.Shared.Store.Find(slot.SharedStream, sequence.Tokens, _matches, _options.SharedLimits);
        _evidence.Begin(_matches, own);
        _drafter.Draft(sequence, _matches, _evidence);
        sequence.Draft.Speculator = new SpeculatorStamp(Name, slot.Shared.Store.Appended);
        sequence.DraftProbabilities?.WritePointMasses(sequence.Draft);
    }

    private void Recycle(SuffixStore own)
    {
        if (_pool.Count == MostPooled || own.Bytes > MostPooledBytes) return;
        own.Clear();
        _pool.Push(own);
    }
}
