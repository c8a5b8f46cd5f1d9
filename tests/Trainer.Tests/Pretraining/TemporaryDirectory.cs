namespace Atlas.Trainer.Tests.Pretraining;

/// <summary>A directory that goes away with the test.</summary>
public sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("atlas-pretraining-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
