namespace Atlas.Compute.Cpu.Kernels;

/// <summary>Operands of y += x W', with W in panels of sixteen outputs.</summary>
internal unsafe struct LinearOperands
{
    /// <summary>First panel.</summary>
    public byte* Weights;

    /// <summary>Bytes from panel to panel.</summary>
    public long PanelBytes;

    /// <summary>Length of the sums.</summary>
    public int Inputs;

    /// <summary>First input row.</summary>
    public float* X;

    /// <summary>Floats from input row to input row.</summary>
    public long XStride;

    /// <summary>The same rows quantized, for 8-bit weights; these read nothing else.</summary>
    public QuantizedRows Quantized;

    /// <summary>Number of rows.</summary>
    public int Rows;

    /// <summary>First output row; panel p adds to its columns 16 p to 16 p + 15.</summary>
    public float* Y;

    /// <summary>Floats from output row to output row.</summary>
    public long YStride;
}
