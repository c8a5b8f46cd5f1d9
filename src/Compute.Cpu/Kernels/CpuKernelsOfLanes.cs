using Atlas.Modeling;

namespace Atlas.Compute.Cpu.Kernels;

/// <summary>The kernels compiled for one instruction set.</summary>
/// <typeparam name="TLanes">Instruction set.</typeparam>
/// <typeparam name="TIntegers">Its integers.</typeparam>
internal sealed unsafe class CpuKernels<TLanes, TIntegers>(string name) : CpuKernels
    where TLanes : struct, ILanes<TLanes>
    where TIntegers : struct, IIntegerLanes<TIntegers, TLanes>
{
    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override void MultiplyAdd(WeightFormat format, in LinearOperands operands, int firstPanel, int lastPanel)
    {
        switch (format)
        {
            case WeightFormat.F32: LinearKernel<FloatTile<TLanes, F32Panels>>.MultiplyAdd(operands, firstPanel, lastPanel); break;
            case WeightFormat.BF16: LinearKernel<FloatTile<TLanes, Bf16Panels>>.MultiplyAdd(operands, firstPanel, lastPanel); break;
            case WeightFormat.Int8: LinearKernel<IntegerTile<TLanes, TIntegers>>.MultiplyAdd(operands, firstPanel, lastPanel); break;
            default: throw Unsupported(format);
        }
    }

    /// <inheritdoc/>
    public override void Attend(WeightFormat cacheFormat, in AttentionOperands operands)
    {
        switch (cacheFormat)
        {
            case WeightFormat.F32: AttentionKernel<TLanes, F32Panels>.Attend(operands); break;
            case WeightFormat.BF16: AttentionKernel<TLanes, Bf16Panels>.Attend(operands); break;
            default: throw Unsupported(cacheFormat);
        }
    }

    /// <inheritdoc/>
    public override void Quantize(float* x, int count, short* values, float* scales) =>
        VectorKernel<TLanes>.Quantize(x, count, values, scales);

    /// <inheritdoc/>
    public override void RmsNorm(float* x, float* weight, int count, float epsilon, float* y) =>
        VectorKernel<TLanes>.RmsNorm(x, weight, count, epsilon, y);

    /// <inheritdoc/>
    public override void Add(float* y, float* x, int panels) => VectorKernel<TLanes>.Add(y, x, panels);

    /// <inheritdoc/>
    public override void SwiGlu(float* gateUp, int panels, float* y) => VectorKernel<TLanes>.SwiGlu(gateUp, panels, y);

    /// <inheritdoc/>
    public override void Rotate(float* head, float* cosines, float* sines, int half) =>
        VectorKernel<TLanes>.Rotate(head, cosines, sines, half);
}
