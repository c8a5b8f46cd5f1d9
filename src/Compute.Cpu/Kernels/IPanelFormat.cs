namespace Atlas.Compute.Cpu.Kernels;

/// <summary>
/// How sixteen output columns of a matrix (a panel) lie in memory, for all inputs k in order. A panel is one contiguous stream, so that a
/// decode step reads memory forwards.
/// </summary>
/// <typeparam name="TSelf">The implementation.</typeparam>
internal unsafe interface IPanelFormat<TSelf> where TSelf : struct, IPanelFormat<TSelf>
{
    /// <summary>Inputs that share one scale per output, an even number; each group begins with sixteen f32 scales. 0: no scales.</summary>
    static abstract int GroupSize { get; }

    /// <summary>Bytes of two inputs' weights for the sixteen outputs.</summary>
    static abstract int PairBytes { get; }

    /// <summary>Bytes of a panel over <paramref name="inputs"/> inputs, a multiple of 64.</summary>
    static abstract long PanelBytes(int inputs);

    /// <summary>Widens the weights of inputs k and k+1, before any scale.</summary>
    static abstract void LoadPair<TLanes>(byte* source, out TLanes first, out TLanes second) where TLanes : struct, ILanes<TLanes>;

    /// <summary>Writes a panel from sixteen rows of f32 weights, <paramref name="inputs"/> apart.</summary>
    static abstract void Pack(float* rows, int inputs, byte* panel);

    /// <summary>Widens one output's weights back to f32, scales applied.</summary>
    static abstract void Unpack(byte* panel, int inputs, int output, float* destination);
}
