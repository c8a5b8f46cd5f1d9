namespace Atlas.Compute.Cpu.Training;

/// <summary>Rows that are normalized together, [count, width] without gaps.</summary>
internal readonly unsafe struct RmsNormRows(float* x, float* weight, float* inverse, int count, int width, float epsilon)
{
    /// <summary>Inputs.</summary>
    public float* X { get; } = x;

    /// <summary>Weight, [width].</summary>
    public float* Weight { get; } = weight;

    /// <summary>Inverse root mean square of each row: written by the forward, read by recomputation and backward.</summary>
    public float* Inverse { get; } = inverse;

    /// <summary>Number of rows.</summary>
    public int Count { get; } = count;

    /// <summary>Length of a row.</summary>
    public int Width { get; } = width;

    /// <summary>Added to the mean square.</summary>
    public float Epsilon { get; } = epsilon;
}
