using Atlas.Modeling;
using Atlas.Modeling.Engine;

namespace Atlas.Compute.Cpu.Cache;

/// <summary>The cache of a decoder and which of its slots are free.</summary>
internal sealed class SequenceSlots : IDisposable
{
    private readonly DecoderOptions _options;
    private readonly Stack<int> _free = new();

    /// <summary>All slots free.</summary>
    public SequenceSlots(ModelConfig config, DecoderOptions options)
    {
        _options = options;
        // Weights that are rounded gain nothing from a cache that is not.
        var format = options.Format == WeightFormat.F32 ? WeightFormat.F32 : WeightFormat.BF16;
        Cache = new KvCache(config, format, options.MaxSequences, options.ContextLength + options.MaxPending);
        for (int slot = options.MaxSequences - 1; slot >= 0; slot--) _free.Push(slot);
    }

    /// <summary>Where the rows are.</summary>
    public KvCache Cache { get; }

    /// <summary>An empty sequence on a free slot.</summary>
    /// <exception cref="InvalidOperationException">All slots are taken.</exception>
    public CpuSequence Open()
    {
        if (!_free.TryPop(out int slot))
            throw new InvalidOperationException($"all {_options.MaxSequences} sequence slots are taken");
        return new CpuSequence(this, slot, _options.MaxPending);
    }

    /// <summary>Frees a slot.</summary>
    public void Release(int slot) => _free.Push(slot);

    /// <inheritdoc/>
    public void Dispose() => Cache.Dispose();
}
