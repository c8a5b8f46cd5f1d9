using System.Diagnostics;
using Atlas.Modeling;
using Atlas.Modeling.Engine;

namespace Atlas.Evaluation.Benchmarks;

/// <summary>
/// A decoder that adds up how long its forwards and the draws from them take. An engine may return from a forward before its device is done:
/// whoever draws then waits, so only the two together are a forward's time. The decoder stays the caller's.
/// </summary>
/// <param name="inner">Who computes.</param>
internal sealed class MeteredDecoder(IDecoder inner) : IDecoder
{
    /// <summary>Seconds of forwards and draws so far.</summary>
    public double Seconds { get; private set; }

    /// <inheritdoc/>
    public ModelConfig Config => inner.Config;

    /// <inheritdoc/>
    public DecoderOptions Options => inner.Options;

    /// <inheritdoc/>
    public long WeightBytesPerStep => inner.WeightBytesPerStep;

    /// <inheritdoc/>
    public long CacheBytesPerToken => inner.CacheBytesPerToken;

    /// <inheritdoc/>
    public IDecoderSequence OpenSequence() => inner.OpenSequence();

    /// <inheritdoc/>
    public IForwardResult Forward(BatchPlan plan)
    {
        long start = Stopwatch.GetTimestamp();
        var result = inner.Forward(plan);
        AddSince(start);
        return new MeteredResult(result, this);
    }

    /// <inheritdoc/>
    public void ReplaceWeights(IWeightSource weights) => inner.ReplaceWeights(weights);

    /// <summary>Counts the time since then.</summary>
    public void AddSince(long start) => Seconds += Stopwatch.GetElapsedTime(start).TotalSeconds;

    /// <summary>Leaves the decoder as it is.</summary>
    public void Dispose()
    {
    }
}
