namespace Atlas.Protocol.Tests;

/// <summary>Tests that no other test may run beside.</summary>
[CollectionDefinition(nameof(AloneCollection), DisableParallelization = true)]
public sealed class AloneCollection;
