namespace Atlas.Compute.Cpu.Kernels;

/// <summary>Operands of the attention of some rows of one sequence over one key/value head.</summary>
internal unsafe struct AttentionOperands
{
    /// <summary>Queries, [row][query head of the group][Width].</summary>
    public float* Queries;

    /// <summary>Query heads that share the key/value head.</summary>
    public int Group;

    /// <summary>The rows.</summary>
    public AttentionRow* Rows;

    /// <summary>Number of rows.</summary>
    public int RowCount;

    /// <summary>Keys in panels of sixteen slots, whose inputs are the elements of a key.</summary>
    public byte* Keys;

    /// <summary>Bytes from key panel to key panel.</summary>
    public long KeyPanelBytes;

    /// <summary>Values in panels of sixteen elements, whose inputs are the slots.</summary>
    public byte* Values;

    /// <summary>Bytes from value panel to value panel.</summary>
    public long ValuePanelBytes;

    /// <summary>Head width padded with zeros to a multiple of 16.</summary>
    public int Width;

    /// <summary>Factor of the scores: one over the root of the head width.</summary>
    public float Scale;

    /// <summary>Scratch, [query][ScoreStride].</summary>
    public float* Scores;

    /// <summary>Floats from one query's scores to the next's: at least the slots that any row sees, and 16 more.</summary>
    public long ScoreStride;

    /// <summary>Receives the results, [query][Width].</summary>
    public float* Output;
}
