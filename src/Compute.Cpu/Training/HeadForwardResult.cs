using Atlas.Compute.Cpu.Results;
using Atlas.Core.Sampling;
using Atlas.Modeling.Engine;

namespace Atlas.Compute.Cpu.Training;

/// <summary>A head's forward: logits of the hot vocabulary, valid until the next forward, and states, valid until the draft ends.</summary>
internal sealed class HeadForwardResult(CpuForwardResult logits, DraftStates states) : IForwardResult
{
    /// <inheritdoc/>
    public IHiddenStates Hidden => states;

    /// <inheritdoc/>
    public void Sample(SampleBatch batch, Span<SampledToken> results) => logits.Sample(batch, results);

    /// <inheritdoc/>
    public void TopPerturbed(SampleBatch batch, int k, Span<SampledToken> results) => logits.TopPerturbed(batch, k, results);

    /// <inheritdoc/>
    public void TopK(ReadOnlySpan<int> rows, int k, Span<SampledToken> results) => logits.TopK(rows, k, results);

    /// <inheritdoc/>
    public void ReadLogits(int row, Span<float> destination) => logits.ReadLogits(row, destination);
}
