using Atlas.Compute.Cpu.Results;
using Atlas.Core.Sampling;
using Atlas.Modeling.Engine;

namespace Atlas.Compute.Cpu.Training;

/// <summary>
/// A head's forward: logits of the hot vocabulary, valid until the next forward, and states, valid until the draft ends. Reused in turn; made
/// with the parts of its first forward.
/// </summary>
internal sealed class HeadForwardResult(CpuForwardResult logits, DraftStates states) : IForwardResult
{
    private CpuForwardResult _logits = logits;
    private DraftStates _states = states;

    /// <inheritdoc/>
    public IHiddenStates Hidden => _states;

    /// <summary>Belongs to another forward from now on.</summary>
    public void Renew(CpuForwardResult logits, DraftStates states)
    {
        _logits = logits;
        _states = states;
    }

    /// <inheritdoc/>
    public void Sample(SampleBatch batch, Span<SampledToken> results) => _logits.Sample(batch, results);

    /// <inheritdoc/>
    public void TopPerturbed(SampleBatch batch, int k, Span<SampledToken> results) => _logits.TopPerturbed(batch, k, results);

    /// <inheritdoc/>
    public void TopK(ReadOnlySpan<int> rows, int k, Span<SampledToken> results) => _logits.TopK(rows, k, results);

    /// <inheritdoc/>
    public void ReadLogits(int row, Span<float> destination) => _logits.ReadLogits(row, destination);
}
