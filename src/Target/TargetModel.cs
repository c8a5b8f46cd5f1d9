using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Core.Sampling;
using Atlas.Modeling.Engine;

namespace Atlas.Target;

/// <summary>
/// The target on a compute engine: reads prompts in chunks and verifies the drafts of a whole batch in one forward. Used from the decoding
/// thread; allocates nothing once its sequences are open.
/// </summary>
public sealed class TargetModel : ITarget, ITargetRows
{
    // Prompts that wait are sure of one part in so many of a forward's rows, however much is drafted.
    private const int PromptShare = 4;

    private readonly IDecoder _decoder;
    private readonly BatchPlan _plan = new();
    private readonly VerificationSpecs _specs = new();
    private readonly RowDirectory _directory = new();
    private readonly CoupledSampler _distributions;
    private readonly float[] _logits;
    private readonly Dictionary<long, IDecoderSequence> _caches = [];
    private readonly int[] _path;

    /// <summary>A target over a loaded decoder, which stays the caller's to dispose.</summary>
    /// <param name="decoder">The model.</param>
    /// <param name="maxDraftNodes">Most draft nodes one sequence may bring into a step; with the token before them they must fit a forward.</param>
    public TargetModel(IDecoder decoder, int maxDraftNodes)
    {
        int rows = Math.Min(decoder.Options.MaxRows, decoder.Options.MaxPending);
        if (maxDraftNodes >= rows)
            throw new ArgumentException($"{maxDraftNodes} draft nodes and the token before them do not fit a forward of {rows} rows", nameof(maxDraftNodes));
        _decoder = decoder;
        MaxDraftNodes = maxDraftNodes;
        _path = new int[rows];
        _distributions = new CoupledSampler(decoder.Config.VocabularySize);
        _logits = new float[decoder.Config.VocabularySize];
    }

    /// <inheritdoc/>
    public int MaxDraftNodes { get; }

    /// <inheritdoc/>
    public int ContextLength => _decoder.Options.ContextLength;

    // Rows that one sequence may take of a forward.
    private int RowsPerSequence => Math.Min(_decoder.Options.MaxRows, _decoder.Options.MaxPending);

    /// <inheritdoc/>
    public bool CanVerify(DecodeSequence sequence) =>
        sequence.Length - (_caches.TryGetValue(sequence.Id, out var cache) ? cache.Length : 0) <= RowsPerSequence - MaxDraftNodes;

    /// <inheritdoc/>
    public ForwardRows RowsOf(ReadOnlySpan<DecodeSequence> batch)
    {
        int most = _decoder.Options.MaxRows, decoding = 0, waiting = 0;
        foreach (var sequence in batch)
        {
            int missing = Missing(sequence);
            if (missing == 1) decoding++;
            else waiting += Math.Min(missing, RowsPerSequence);
        }
        int reserved = Math.Min(waiting, Math.Max(1, most / PromptShare));
        return new ForwardRows(Math.Min(most, decoding + waiting), Math.Max(0, most - decoding - reserved), most);
    }

    /// <inheritdoc/>
    public void Verify(ReadOnlySpan<DecodeSequence> batch)
    {
        _plan.Clear();
        _specs.Clear();
        _directory.Begin();
        // Sequences that are decoding come first, and each is sure of the row of its last token: another's draft never takes it, nor the share
        // of waiting prompts, who get what rows are left.
        var rows = RowsOf(batch);
        int reserved = rows.Most - rows.Drafts;
        foreach (var sequence in batch)
            if (Missing(sequence) == 1)
                PlanRows(sequence, --reserved);
        foreach (var sequence in batch)
            if (Missing(sequence) > 1)
                PlanRows(sequence, 0);
        var result = _decoder.Forward(_plan);
        _directory.Complete(result);
        if (_specs.Count > 0) _specs.Draw(result);
        foreach (var sequence in batch)
            if (sequence is { IsVerified: true, TargetProbabilities: not null })
                ReadDistributions(sequence, result);
        foreach (var sequence in batch)
            if (!sequence.IsVerified)
                Open(sequence).CommitChain(Open(sequence).Pending);
    }

    /// <inheritdoc/>
    public void Commit(DecodeSequence sequence, ReadOnlySpan<int> path)
    {
        var cache = _caches[sequence.Id];
        int chain = cache.Pending - sequence.Draft.Count;
        for (int i = 0; i < chain; i++) _path[i] = i;
        for (int i = 0; i < path.Length; i++) _path[chain + i] = chain + path[i];
        cache.CommitPath(_path.AsSpan(0, chain + path.Length));
        if (_directory.TryGet(sequence.Id, out var rows)) _directory.Commit(sequence.Id, rows.RowOf(path.IsEmpty ? DraftTree.Root : path[^1]));
    }

    /// <inheritdoc/>
    public bool TryGetRows(DecodeSequence sequence, out TargetRows rows) => _directory.TryGet(sequence.Id, out rows);

    /// <inheritdoc/>
    public void Release(DecodeSequence sequence)
    {
        if (_caches.Remove(sequence.Id, out var cache)) cache.Dispose();
        _directory.Remove(sequence.Id);
    }

    /// <summary>Tokens of a sequence whose keys and values are computed and kept; 0 for one that has no cache.</summary>
    public int CachedTokens(DecodeSequence sequence) => _caches.TryGetValue(sequence.Id, out var cache) ? cache.Length : 0;

    /// <summary>
    /// Takes a sequence's cache out of the target, to begin others of the same prefix with; null where it has none. It keeps its place among
    /// the decoder's sequences until the caller disposes it.
    /// </summary>
    public IDecoderSequence? Detach(DecodeSequence sequence)
    {
        if (!_caches.Remove(sequence.Id, out var cache)) return null;
        cache.Truncate(cache.Length);
        _directory.Remove(sequence.Id);
        return cache;
    }

    /// <summary>
    /// Begins a sequence that has no cache yet with rows that were computed for the same tokens before; the caller vouches for that. At least
    /// the sequence's last token is left to be read.
    /// </summary>
    /// <param name="sequence">The new one.</param>
    /// <param name="source">A cache that was detached.</param>
    /// <param name="length">Tokens that both have in common, at most those that the source holds.</param>
    public void BeginWith(DecodeSequence sequence, IDecoderSequence source, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(length, sequence.Length);
        Open(sequence).CopyPrefix(source, length);
    }

    /// <summary>The same from a sequence that is being decoded, whose pending rows are none: between two steps, that is.</summary>
    public void BeginWith(DecodeSequence sequence, DecodeSequence source, int length) => BeginWith(sequence, _caches[source.Id], length);

    private IDecoderSequence Open(DecodeSequence sequence)
    {
        if (!_caches.TryGetValue(sequence.Id, out var cache)) _caches.Add(sequence.Id, cache = _decoder.OpenSequence());
        return cache;
    }

    private int Missing(DecodeSequence sequence) => sequence.Length - Open(sequence).Length;

    // Leaves that many rows of the forward to others, as far as the draft is concerned.
    private void PlanRows(DecodeSequence sequence, int reserved)
    {
        sequence.IsVerified = false;
        var cache = Open(sequence);
        int room = Math.Min(RowsPerSequence, _decoder.Options.MaxRows - _plan.Rows);
        if (room == 0) return;
        var missing = sequence.Tokens[cache.Length..];
        _plan.Begin(cache);
        if (missing.Length > room)
        {
            _plan.AddChain(missing[..room], BatchPlan.NoParent, lastOutput: false);
            return;
        }
        sequence.IsVerified = true;
        int draftRoom = Math.Min(room, _decoder.Options.MaxRows - _plan.Rows - reserved) - missing.Length;
        sequence.Draft.Truncate(Math.Clamp(draftRoom, 0, sequence.Draft.Count));
        int firstRow = _plan.Rows;
        int last = _plan.AddChain(missing, BatchPlan.NoParent, lastOutput: true);
        for (int i = 0; i < sequence.Draft.Count; i++)
        {
            int parent = sequence.Draft.Parents[i];
            _plan.Add(sequence.Draft.Tokens[i], parent < 0 ? last : last + 1 + parent, output: true);
        }
        _specs.Add(sequence, firstRow + missing.Length - 1);
        _directory.Add(sequence.Id, firstRow + missing.Length - 1);
    }

    private void ReadDistributions(DecodeSequence sequence, IForwardResult result)
    {
        var specs = _specs.Of(sequence);
        for (int i = 0; i < specs.Length; i++)
        {
            result.ReadLogits(specs[i].Row, _logits);
            _distributions.Probabilities(_logits, specs[i], _specs.Batch.Path(specs[i]), sequence.TargetProbabilities!.Row(i));
        }
    }
}
