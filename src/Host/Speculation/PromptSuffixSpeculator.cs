using System.Runtime.InteropServices;
using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Speculator.Adaptive.Suffix;

namespace Atlas.Host.Speculation;

/// <summary>
/// The suffix speculator with a store for every prompt before that of the namespace: where many samples of a prompt are drawn, together or again
/// later, they resemble each other more than any other text (per-problem trees: DAS, arXiv 2511.13841). What the prompt's store has no draft for
/// goes to the namespace's. Sequences are told apart by their prompts' tokens. The prompts used least recently are dropped beyond
/// <see cref="MostPrompts"/>. Used from the decoding thread.
/// </summary>
/// <param name="shared">Drafts from the namespace; the stack forgets and saves with it.</param>
/// <param name="options">Of the prompts' stores; their capacity is bounded by <see cref="PromptCapacity"/>.</param>
internal sealed class PromptSuffixSpeculator(SuffixSpeculator shared, SuffixOptions options) : ISpeculator
{
    /// <summary>Prompts whose texts are kept.</summary>
    public const int MostPrompts = 512;

    /// <summary>Tokens that a prompt's store keeps.</summary>
    public const int PromptCapacity = 1 << 15;

    private readonly SuffixOptions _options = options with { Shared = options.Shared with { Capacity = PromptCapacity, PageBits = 10 } };
    private readonly Dictionary<Prompt, PromptStore> _stores = [];
    private readonly Dictionary<long, PromptStore> _open = [];
    private readonly List<PromptStore> _called = [];
    private DecodeSequence[] _batch = [];
    private DraftBudget[] _budgets = [];
    private long _uses;

    /// <inheritdoc/>
    public string Name => shared.Name;

    /// <summary>Prompts whose texts are kept at present.</summary>
    public int Prompts => _stores.Count;

    /// <inheritdoc/>
    public void Propose(ReadOnlySpan<DecodeSequence> batch)
    {
        foreach (var sequence in batch)
        {
            var store = Open(sequence);
            if (store.Called.Count == 0) _called.Add(store);
            store.Called.Add(sequence);
        }
        foreach (var store in _called)
        {
            store.Speculator.Propose(CollectionsMarshal.AsSpan(store.Called));
            store.Called.Clear();
        }
        _called.Clear();
        ProposeShared(batch);
    }

    /// <inheritdoc/>
    public void Release(DecodeSequence sequence)
    {
        var store = Open(sequence);
        store.Speculator.Release(sequence);
        store.Live--;
        _open.Remove(sequence.Id);
        shared.Release(sequence);
        if (_stores.Count > MostPrompts) Drop();
    }

    // Those that have a draft are only read; their budget says so for as long as that takes.
    private void ProposeShared(ReadOnlySpan<DecodeSequence> batch)
    {
        if (_batch.Length < batch.Length) (_batch, _budgets) = (new DecodeSequence[batch.Length], new DraftBudget[batch.Length]);
        for (int i = 0; i < batch.Length; i++)
        {
            _budgets[i] = batch[i].Budget;
            if (batch[i].Draft.Count > 0) batch[i].Budget = DraftBudget.None;
        }
        shared.Propose(batch);
        for (int i = 0; i < batch.Length; i++) batch[i].Budget = _budgets[i];
    }

    private PromptStore Open(DecodeSequence sequence)
    {
        if (_open.TryGetValue(sequence.Id, out var store)) return store;
        var prompt = new Prompt(sequence.Tokens[..sequence.PromptLength].ToArray());
        if (!_stores.TryGetValue(prompt, out store)) _stores.Add(prompt, store = new PromptStore(prompt, new SuffixSpeculator(_options)));
        store.LastUse = ++_uses;
        store.Live++;
        _open.Add(sequence.Id, store);
        return store;
    }

    private void Drop()
    {
        if (_stores.Values.Where(store => store.Live == 0).MinBy(store => store.LastUse) is { } oldest) _stores.Remove(oldest.Prompt);
    }

    private readonly struct Prompt(int[] tokens) : IEquatable<Prompt>
    {
        private readonly int[] _tokens = tokens;

        public bool Equals(Prompt other) => _tokens.AsSpan().SequenceEqual(other._tokens);

        public override bool Equals(object? obj) => obj is Prompt other && Equals(other);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.AddBytes(MemoryMarshal.AsBytes(_tokens.AsSpan()));
            return hash.ToHashCode();
        }
    }

    private sealed class PromptStore(Prompt prompt, SuffixSpeculator speculator)
    {
        public Prompt Prompt { get; } = prompt;

        public SuffixSpeculator Speculator { get; } = speculator;

        public List<DecodeSequence> Called { get; } = [];

        public int Live { get; set; }

        public long LastUse { get; set; }
    }
}
