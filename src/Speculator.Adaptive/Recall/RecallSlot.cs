using Atlas.Speculator.Adaptive.Voting;

namespace Atlas.Speculator.Adaptive.Recall;

/// <summary>Where a sequence's text ends in its namespace's store.</summary>
internal sealed class RecallSlot
{
    private readonly sbyte[] _key = new sbyte[StateKey.Width];
    private NamespaceStore<RecallStore> _shared;
    private long _newest = RecallStore.None;
    private int _length;

    /// <summary>A sequence of which the store knows nothing yet.</summary>
    public RecallSlot(NamespaceStore<RecallStore> shared)
    {
        _shared = shared;
        shared.Live++;
    }

    /// <summary>The namespace's store.</summary>
    public RecallStore Store => _shared.Store;

    /// <summary>Whether the namespace was dropped, so that the sequence has to <see cref="Move"/>.</summary>
    public bool IsForgotten => _shared.IsForgotten;

    /// <summary>Appends an emitted token.</summary>
    /// <param name="key">The state it was drawn from.</param>
    /// <param name="token">The token.</param>
    /// <param name="length">Tokens of the sequence up to and including it; where the token before was not appended, a text begins.</param>
    public void Append(ReadOnlySpan<sbyte> key, int token, int length)
    {
        _newest = Store.Append(_length == length - 1 ? _newest : RecallStore.None, key, token);
        key.CopyTo(_key);
        _length = length;
    }

    /// <summary>
    /// Finds where the target was in similar states as before the sequence's last token; false where that was not appended, or has been overwritten.
    /// </summary>
    /// <param name="length">Tokens of the sequence.</param>
    /// <param name="matches">As in <see cref="RecallStore.Find"/>.</param>
    /// <param name="similarity">As in <see cref="RecallStore.Find"/>.</param>
    public bool TryFind(int length, MatchSet matches, Span<float> similarity)
    {
        if (_length != length || !Store.Holds(_newest)) return false;
        Store.Find(_newest, _key, matches, similarity);
        return true;
    }

    /// <summary>Begins anew in another store.</summary>
    public void Move(NamespaceStore<RecallStore> shared)
    {
        Close();
        (_shared, _newest, _length) = (shared, RecallStore.None, 0);
        shared.Live++;
    }

    /// <summary>The sequence has ended.</summary>
    public void Close() => _shared.Live--;
}
