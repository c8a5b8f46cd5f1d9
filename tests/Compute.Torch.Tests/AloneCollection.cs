namespace Atlas.Compute.Torch.Tests;

/// <summary>Tests that look at the whole process's memory, which others would change at the same time.</summary>
[CollectionDefinition(nameof(AloneCollection), DisableParallelization = true)]
public sealed class AloneCollection;
