namespace Atlas.Core.Drafting;

/// <summary>Which speculator made a draft and which version of its weights or store: it travels with every draft.</summary>
/// <param name="Name">Such as <c>static</c>, <c>suffix</c>, <c>learned</c>.</param>
/// <param name="Version">Rises whenever what the speculator would draft may have changed; 0 for one that never changes.</param>
public readonly record struct SpeculatorStamp(string Name, long Version);
