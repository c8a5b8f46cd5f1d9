namespace Atlas.Compute.Cpu.Kernels;

/// <summary>Operands of one query's attention over one head of the cache.</summary>
internal unsafe struct AttentionOperands
{
    /// <summary>Query, [Width].</summary>
    public float* Query;

    /// <summary>Keys by slot, [slots, Width].</summary>
    public float* Keys;

    /// <summary>Values by slot, [slots, Width].</summary>
    public float* Values;

    /// <summary>Head width padded with zeros to a multiple of 16.</summary>
    public int Width;

    /// <summary>First slot of the committed rows that the query sees; their order is the logical one.</summary>
    public int CommittedFrom;

    /// <summary>Number of committed rows that the query sees.</summary>
    public int Committed;

    /// <summary>Slots of the pending rows on the query's path, in logical order, behind the committed ones.</summary>
    public int* Path;

    /// <summary>Number of pending rows that the query sees, itself included.</summary>
    public int PathLength;

    /// <summary>Factor of the scores: one over the root of the head width.</summary>
    public float Scale;

    /// <summary>Scratch for one score per row seen, rounded up to a multiple of 16.</summary>
    public float* Scores;

    /// <summary>Receives the result, [Width].</summary>
    public float* Output;
}
