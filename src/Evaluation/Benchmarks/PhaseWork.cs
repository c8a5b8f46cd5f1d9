using Atlas.Modeling.Engine;

namespace Atlas.Evaluation.Benchmarks;

/// <summary>
/// What a phase cannot avoid, counted and not measured. No schedule can be faster than the slower of the two, which is the roofline model
/// (Williams, Waterman, Patterson, CACM 52(4), 2009) with a roof of its own for each. The roof of operations is that of f32: products of
/// integers may go beyond it.
/// </summary>
/// <param name="Bytes">Bytes read from memory at least once.</param>
/// <param name="Operations">Floating-point operations: two for each multiply-add.</param>
public readonly record struct PhaseWork(double Bytes, double Operations)
{
    /// <summary>Seconds that the reading alone takes at a measured bandwidth.</summary>
    public double ReadSeconds(DeviceLimits limits) => Bytes / (limits.ReadGigabytesPerSecond * 1e9);

    /// <summary>Seconds that the operations alone take at a measured peak.</summary>
    public double OperationSeconds(DeviceLimits limits) => Operations / (limits.MultiplyAddGigaflops * 1e9);

    /// <summary>Whether reading, not operations, is the slower of the two.</summary>
    public bool IsBoundByReading(DeviceLimits limits) => ReadSeconds(limits) >= OperationSeconds(limits);
}
