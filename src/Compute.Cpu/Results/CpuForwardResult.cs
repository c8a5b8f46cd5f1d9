using Atlas.Core.Sampling;
using Atlas.Modeling.Engine;

namespace Atlas.Compute.Cpu.Results;

/// <summary>
/// A forward's result over an <see cref="OutputRows"/>. Objects are reused in turn (<see cref="ResultRing"/>) so that a forward allocates
/// nothing, and each knows the version it belongs to.
/// </summary>
internal sealed class CpuForwardResult(OutputRows outputs, SampleJob sampling) : IForwardResult
{
    private readonly ResultHiddenStates _hidden = new(outputs);
    private long _version = -1;

    /// <inheritdoc/>
    public IHiddenStates Hidden
    {
        get
        {
            CheckVersion();
            return _hidden;
        }
    }

    /// <summary>Belongs to the outputs' content from now on.</summary>
    public void Renew()
    {
        _version = outputs.Version;
        _hidden.Renew();
    }

    /// <inheritdoc/>
    public void Sample(SampleBatch batch, Span<SampledToken> results) => TopPerturbed(batch, 1, results);

    /// <inheritdoc/>
    public void TopPerturbed(SampleBatch batch, int k, Span<SampledToken> results)
    {
        CheckVersion();
        CheckResults(batch.Specs.Length, k, results.Length);
        sampling.Draw(outputs, batch, k, results);
    }

    /// <inheritdoc/>
    public void TopK(ReadOnlySpan<int> rows, int k, Span<SampledToken> results)
    {
        CheckVersion();
        CheckResults(rows.Length, k, results.Length);
        sampling.Top(outputs, rows, k, results);
    }

    /// <inheritdoc/>
    public void ReadLogits(int row, Span<float> destination)
    {
        CheckVersion();
        var logits = outputs.LogitsOf(row);
        if (destination.Length != logits.Length)
            throw new ArgumentException($"the destination holds {destination.Length} values; expected {logits.Length}", nameof(destination));
        logits.CopyTo(destination);
        // The span alone does not keep the native memory from its finalizer.
        GC.KeepAlive(outputs);
    }

    private static void CheckResults(int draws, int k, int length)
    {
        if (k < 1 || k > CoupledSampler.MaxRanked)
            throw new ArgumentException($"k is {k}; expected 1 to {CoupledSampler.MaxRanked}", nameof(k));
        if (length != (long)draws * k) throw new ArgumentException($"there is room for {length} results; expected {(long)draws * k}", nameof(length));
    }

    private void CheckVersion()
    {
        if (_version != outputs.Version) throw new InvalidOperationException("the result was replaced by a later forward");
    }
}
