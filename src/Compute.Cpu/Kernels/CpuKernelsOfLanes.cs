using Atlas.Modeling;

namespace Atlas.Compute.Cpu.Kernels;

/// <summary>The kernels compiled for one instruction set.</summary>
/// <typeparam name="TLanes">Instruction set.</typeparam>
internal sealed unsafe class CpuKernels<TLanes>(string name) : CpuKernels where TLanes : struct, ILanes<TLanes>
{
    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override void MultiplyAdd(WeightFormat format, in LinearOperands operands, int firstPanel, int lastPanel)
    {
        switch (format)
        {
            case WeightFormat.F32: LinearKernel<TLanes, F32Panels>.MultiplyAdd(operands, firstPanel, lastPanel); break;
            case WeightFormat.BF16: LinearKernel<TLanes, Bf16Panels>.MultiplyAdd(operands, firstPanel, lastPanel); break;
            case WeightFormat.Int8: LinearKernel<TLanes, Int8Panels>.MultiplyAdd(operands, firstPanel, lastPanel); break;
            default: throw Unsupported(format);
        }
    }

    /// <inheritdoc/>
    public override void Attend(in AttentionOperands operands) => AttentionKernel<TLanes>.Attend(operands);

    /// <inheritdoc/>
    public override void RmsNorm(float* x, float* weight, int count, float epsilon, float* y) =>
        VectorKernel<TLanes>.RmsNorm(x, weight, count, epsilon, y);

    /// <inheritdoc/>
    public override void SwiGlu(float* gateUp, int panels, float* y) => VectorKernel<TLanes>.SwiGlu(gateUp, panels, y);

    /// <inheritdoc/>
    public override void Rotate(float* head, float* cosines, float* sines, int half) =>
        VectorKernel<TLanes>.Rotate(head, cosines, sines, half);
}
