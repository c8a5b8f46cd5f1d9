namespace Atlas.Speculator.Adaptive.Learned;

/// <summary>
/// Where a namespace's newest version lies: one reference, swapped atomically by the trainer, read by the decoding thread at a step's
/// boundary. While it drafts, the decoding thread shows which version it holds (a hazard pointer: Michael, "Hazard pointers: safe memory
/// reclamation for lock-free objects", 2004), so that the trainer knows when an old head may be freed. One publisher and one drafting thread
/// at a time.
/// </summary>
public sealed class LearnedSlot
{
    private LearnedVersion? _published;
    private LearnedVersion? _held;

    /// <summary>The newest version; null before the first and after everything was forgotten.</summary>
    public LearnedVersion? Published => Volatile.Read(ref _published);

    /// <summary>Puts a version in the place of the one before; null takes it away.</summary>
    public void Publish(LearnedVersion? version) => Interlocked.Exchange(ref _published, version);

    /// <summary>Whether a version is published here or drafts are being made with it; its head must then stay as it is.</summary>
    public bool Holds(LearnedVersion version) =>
        ReferenceEquals(Volatile.Read(ref _published), version) || ReferenceEquals(Volatile.Read(ref _held), version);

    /// <summary>Takes the newest version for the drafts of one step; null where there is none.</summary>
    internal LearnedVersion? Acquire()
    {
        while (true)
        {
            var version = Volatile.Read(ref _published);
            // A full fence: either the trainer sees that it is held, or we see that it was replaced.
            Interlocked.Exchange(ref _held, version);
            if (ReferenceEquals(version, Volatile.Read(ref _published))) return version;
        }
    }

    /// <summary>The step's drafts are made.</summary>
    internal void Release() => Volatile.Write(ref _held, null);
}
