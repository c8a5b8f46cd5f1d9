namespace Atlas.Host.Service.Generation;

/// <summary>What the decoding loop may hold.</summary>
/// <param name="MaxBatch">Most completions that are decoded at once.</param>
/// <param name="CacheSlots">Caches that the configured memory holds, those of running completions and those kept for their prefixes.</param>
/// <param name="MaxWaiting">Most completions in the queue; further requests are refused.</param>
internal sealed record LoopLimits(int MaxBatch, int CacheSlots, int MaxWaiting)
{
    /// <summary>Tokens that two prompts must share before the one's cache is copied for the other.</summary>
    public int LeastShared { get; init; } = 16;
}
