namespace Atlas.Compute.Cpu.Kernels;

/// <summary>
/// Multiplies a register tile, some rows by some panels. <see cref="LinearKernel{TTile}"/> walks the tiles; a new weight format or
/// instruction set is one more of these.
/// </summary>
internal unsafe interface ITileKernel
{
    /// <summary>Panels of the widest tile: <see cref="Four"/> where registers allow, else <see cref="One"/>.</summary>
    static abstract int Panels { get; }

    /// <summary>Bytes of the first <paramref name="inputs"/> inputs of a panel; <paramref name="inputs"/> is a multiple of 64.</summary>
    static abstract long Offset(int inputs);

    /// <summary>Continues the sums of <c>sizeof(TRows)</c> rows by <c>sizeof(TPanels)</c> panels over a range of inputs.</summary>
    /// <typeparam name="TRows"><see cref="One"/> to <see cref="Six"/>.</typeparam>
    /// <typeparam name="TPanels"><see cref="One"/> or <see cref="Four"/>.</typeparam>
    static abstract void Run<TRows, TPanels>(in LinearOperands o, in TilePlace at)
        where TRows : unmanaged
        where TPanels : unmanaged;
}
