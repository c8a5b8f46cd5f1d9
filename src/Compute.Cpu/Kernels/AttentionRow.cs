namespace Atlas.Compute.Cpu.Kernels;

/// <summary>Which cache slots a row attends to.</summary>
internal unsafe struct AttentionRow
{
    /// <summary>First logical position that it sees.</summary>
    public int From;

    /// <summary>Logical positions from 0 on that lie in the slot of the same number: the committed ones and the chain behind them.</summary>
    public int Dense;

    /// <summary>Logical positions up to and including its own.</summary>
    public int Count;

    /// <summary>Slots of the logical positions from <see cref="Dense"/> on, ascending.</summary>
    public int* Path;
}
