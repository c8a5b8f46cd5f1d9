namespace Atlas.Modeling.Engine;

/// <summary>What an engine runs on, for people and provenance files.</summary>
/// <param name="Name">Such as <c>cpu</c> or <c>torch</c>.</param>
/// <param name="Device">Processor or accelerator, with the instruction set or library version in use.</param>
/// <param name="Threads">Host threads that compute.</param>
/// <param name="BatchInvariant">
/// A row's logits do not depend on what is computed beside it, to the bit: with such an engine speculation changes no token. Otherwise the
/// first divergence is reported.
/// </param>
public sealed record EngineInfo(string Name, string Device, int Threads, bool BatchInvariant);
