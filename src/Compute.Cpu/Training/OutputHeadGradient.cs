namespace Atlas.Compute.Cpu.Training;

/// <summary>An output matrix, [vocabulary, hidden], and where its gradient is added up.</summary>
internal readonly unsafe struct OutputHeadGradient(float* weight, float* gradient)
{
    /// <summary>The matrix.</summary>
    public float* Weight { get; } = weight;

    /// <summary>Its gradient.</summary>
    public float* Gradient { get; } = gradient;
}
