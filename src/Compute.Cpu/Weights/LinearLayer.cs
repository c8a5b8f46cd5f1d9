using Atlas.Compute.Cpu.Memory;

namespace Atlas.Compute.Cpu.Weights;

/// <summary>A packed matrix and, where the model has one, the bias of its outputs in the same order.</summary>
internal sealed record LinearLayer(PackedMatrix Matrix, AlignedBuffer<float>? Bias) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        Matrix.Dispose();
        Bias?.Dispose();
    }
}
