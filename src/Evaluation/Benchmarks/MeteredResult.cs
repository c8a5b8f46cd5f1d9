using System.Diagnostics;
using Atlas.Core.Sampling;
using Atlas.Modeling.Engine;

namespace Atlas.Evaluation.Benchmarks;

/// <summary>The result of a metered forward: what is drawn from it counts as part of it.</summary>
/// <param name="inner">The result itself.</param>
/// <param name="meter">Who counts.</param>
internal sealed class MeteredResult(IForwardResult inner, MeteredDecoder meter) : IForwardResult
{
    /// <inheritdoc/>
    public IHiddenStates Hidden => inner.Hidden;

    /// <inheritdoc/>
    public void Sample(SampleBatch batch, Span<SampledToken> results)
    {
        long start = Stopwatch.GetTimestamp();
        inner.Sample(batch, results);
        meter.AddSince(start);
    }

    /// <inheritdoc/>
    public void TopPerturbed(SampleBatch batch, int k, Span<SampledToken> results)
    {
        long start = Stopwatch.GetTimestamp();
        inner.TopPerturbed(batch, k, results);
        meter.AddSince(start);
    }

    /// <inheritdoc/>
    public void TopK(ReadOnlySpan<int> rows, int k, Span<SampledToken> results)
    {
        long start = Stopwatch.GetTimestamp();
        inner.TopK(rows, k, results);
        meter.AddSince(start);
    }

    /// <inheritdoc/>
    public void ReadLogits(int row, Span<float> destination)
    {
        long start = Stopwatch.GetTimestamp();
        inner.ReadLogits(row, destination);
        meter.AddSince(start);
    }
}
