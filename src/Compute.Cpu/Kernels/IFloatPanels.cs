namespace Atlas.Compute.Cpu.Kernels;

/// <summary>
/// How sixteen output columns of a float matrix (a panel) lie in memory, for all inputs k in order. A panel is one contiguous stream, so
/// that a decode step reads memory forwards. Inputs go in pairs; where their number is odd the last pair is half empty.
/// </summary>
internal unsafe interface IFloatPanels
{
    /// <summary>Bytes of two inputs' weights for the sixteen outputs.</summary>
    static abstract int PairBytes { get; }

    /// <summary>Widens the weights of a pair's first input.</summary>
    static abstract TLanes First<TLanes>(byte* pair) where TLanes : struct, ILanes<TLanes>;

    /// <summary>Widens the weights of a pair's second input.</summary>
    static abstract TLanes Second<TLanes>(byte* pair) where TLanes : struct, ILanes<TLanes>;

    /// <summary>Writes one output's weights for inputs 0 to <paramref name="inputs"/> - 1.</summary>
    static abstract void WriteOutput(byte* panel, int output, float* values, int inputs);

    /// <summary>Writes one input's weights for the sixteen outputs.</summary>
    static abstract void WriteInput(byte* panel, int input, float* values);

    /// <summary>Copies one output's weights for inputs 0 to <paramref name="inputs"/> - 1 to another output, perhaps of another panel.</summary>
    static abstract void CopyOutput(byte* source, int sourceOutput, byte* destination, int destinationOutput, int inputs);

    /// <summary>Copies one input's weights for the sixteen outputs to another input of the same panel.</summary>
    static abstract void CopyInput(byte* panel, int source, int destination);
}
