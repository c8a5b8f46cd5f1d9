namespace Atlas.Compute.Cpu.Kernels;

/// <summary>
/// Multiplies a register tile, some rows by some panels. <see cref="LinearKernel{TTile}"/> walks the tiles; a new weight format or
/// instruction set is one more of these.
/// </summary>
internal unsafe interface ITileKernel
{
    /// <summary>Panels of the widest tile: <see cref="TileSize.Four"/> where registers allow, else <see cref="TileSize.One"/>.</summary>
    static abstract int Panels { get; }

    /// <summary>Bytes of the first <paramref name="inputs"/> inputs of a panel; <paramref name="inputs"/> is a multiple of 64.</summary>
    static abstract long Offset(int inputs);

    /// <summary>Continues the sums of <c>sizeof(TRows)</c> rows by <c>sizeof(TPanels)</c> panels over a range of inputs.</summary>
    /// <typeparam name="TRows"><see cref="TileSize.One"/> to <see cref="TileSize.Six"/>.</typeparam>
    /// <typeparam name="TPanels"><see cref="TileSize.One"/> or <see cref="TileSize.Four"/>.</typeparam>
    static abstract void Run<TRows, TPanels>(in LinearOperands o, in TilePlace at)
        where TRows : unmanaged
        where TPanels : unmanaged;
}
