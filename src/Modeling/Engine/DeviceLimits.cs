namespace Atlas.Modeling.Engine;

/// <summary>What a device can do at most, as measured: the yardstick of every phase.</summary>
/// <param name="ReadGigabytesPerSecond">Sustained reading of memory far larger than the caches.</param>
/// <param name="MultiplyAddGigaflops">Fused multiply-adds in f32 registers, two operations each.</param>
public sealed record DeviceLimits(double ReadGigabytesPerSecond, double MultiplyAddGigaflops);
