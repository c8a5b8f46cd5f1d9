namespace Atlas.Compute.Cpu.Training;

/// <summary>
/// One product: C = I + A B, C row-major. I is nothing, C itself (gradients accumulate), another matrix (a residual), or one row for all
/// (a bias, stride 0).
/// </summary>
internal readonly unsafe struct GemmCall(MatrixView a, MatrixView b, float* c, nint cStride, float* initial = null, nint initialStride = 0)
{
    /// <summary>Left factor, [rows, depth].</summary>
    public MatrixView A { get; } = a;

    /// <summary>Right factor, [depth, columns].</summary>
    public MatrixView B { get; } = b;

    /// <summary>Result.</summary>
    public float* C { get; } = c;

    /// <summary>Floats between rows of the result.</summary>
    public nint CStride { get; } = cStride;

    /// <summary>What the product is added to; null for nothing.</summary>
    public float* Initial { get; } = initial;

    /// <summary>Floats between its rows; 0 uses one row for all.</summary>
    public nint InitialStride { get; } = initialStride;
}
