namespace Atlas.Speculator.Adaptive.Suffix;

/// <summary>What the speculator holds for one sequence: the index of its own text, and its streams there and in its namespace.</summary>
internal sealed class SuffixSlot
{
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
        Own.Extend(OwnStream, text);
        Shared.Store.Extend(SharedStream, text);
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
