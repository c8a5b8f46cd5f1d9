using Atlas.Host.Service.Recording;
using Atlas.Modeling;

namespace Atlas.Host.Service.Generation;

/// <summary>What generation may take of the machine.</summary>
/// <param name="ContextLength">Most tokens of prompt and completion together.</param>
/// <param name="MaxBatch">Most completions that are decoded at once.</param>
/// <param name="CacheSlots">Caches that fit the memory for keys and values; at least 2.</param>
/// <param name="MaxWaiting">Most completions in the queue.</param>
/// <param name="CheckpointDirectory">Where what was learned is saved; null for nowhere.</param>
internal sealed record GenerationSettings(int ContextLength, int MaxBatch, int CacheSlots, int MaxWaiting, string? CheckpointDirectory)
{
    /// <summary>Writes what is served to a trace; null for nobody. It stays the caller's.</summary>
    public TrafficRecorder? Recorder { get; init; }

    // Latencies are measured on two sequences.
    private const int LeastSlots = 2;

    private const int MostSlots = 1024;

    // Rows that a sequence may hold beyond its context, as DecoderOptions has them by default.
    private const int PendingRows = 256;

    /// <summary>
    /// Caches that fit into so many bytes, each with the draft model's beside it; heads are padded to 16 elements, as the embedded engine does.
    /// </summary>
    public static int SlotsOf(ModelConfig target, ModelConfig? draft, WeightFormat format, int contextLength, long bytes)
    {
        long slot = SlotBytes(target, format, contextLength);
        if (draft is not null) slot += SlotBytes(draft, format, Math.Min(contextLength, draft.ContextLength));
        return (int)Math.Clamp(bytes / slot, LeastSlots, MostSlots);
    }

    private static long SlotBytes(ModelConfig config, WeightFormat format, int contextLength)
    {
        long width = (config.HeadDim + 15) & ~15, number = format == WeightFormat.F32 ? sizeof(float) : sizeof(ushort);
        return 2 * config.Layers * config.KvHeads * width * number * (contextLength + PendingRows);
    }
}
