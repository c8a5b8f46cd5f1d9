namespace Atlas.Speculator.Adaptive.Suffix;

/// <summary>What the speculator holds for one sequence: the index of its own text, and its streams there and in its namespace.</summary>
internal sealed class SuffixSlot
{
    // Tokens whose lines of both indexes are asked for together: they stay in the first-level cache until they are used.
    private const int Piece = 16;

    public SuffixSlot(SuffixStore own, NamespaceStore<SuffixStore> shared)
    {
        Own = own;
        OwnStream = own.Open();
        Shared = shared;
        SharedStream = shared.Store.Open();
        shared.Live++;
    }

    public SuffixStore Own { get; }

    public SuffixStream OwnStream { get; }

    public NamespaceStore<SuffixStore> Shared { get; private set; }

    public SuffixStream SharedStream { get; private set; }

    /// <summary>Brings both indexes into step with a text.</summary>
    public void Extend(ReadOnlySpan<int> text)
    {
        // A stream that its store had no room for stays where it is.
        int taken = SharedStream.IsOpen ? Math.Min(OwnStream.Length, SharedStream.Length) : OwnStream.Length;
        while (taken < text.Length)
        {
            taken = Math.Min(taken + Piece, text.Length);
            Prefetch(text[..taken]);
            Own.Extend(OwnStream, text[..taken]);
            Shared.Store.Extend(SharedStream, text[..taken]);
        }
    }

    /// <summary>Asks the memory for what bringing both indexes into step with a text that is little longer will touch, and returns without waiting.</summary>
    public void Prefetch(ReadOnlySpan<int> text)
    {
        Own.PrefetchExtend(OwnStream, text);
        Shared.Store.PrefetchExtend(SharedStream, text);
    }

    /// <summary>Lets go of a namespace that was dropped and begins anew in another.</summary>
    public void Move(NamespaceStore<SuffixStore> shared)
    {
        Close();
        Shared = shared;
        SharedStream = shared.Store.Open();
        shared.Live++;
    }

    /// <summary>Ends the text in the namespace's store.</summary>
    public void Close()
    {
        Shared.Store.Close(SharedStream);
        Shared.Live--;
    }
}
