namespace Atlas.Compute.Cpu.Training;

/// <summary>One normalized row as its backward needs it.</summary>
internal readonly unsafe struct RmsNormRow(float* x, float* weight, float inverse, int width)
{
    /// <summary>Input, [width].</summary>
    public float* X { get; } = x;

    /// <summary>Weight, [width].</summary>
    public float* Weight { get; } = weight;

    /// <summary>Inverse root mean square that the forward used.</summary>
    public float Inverse { get; } = inverse;

    /// <summary>Length of the row.</summary>
    public int Width { get; } = width;
}
