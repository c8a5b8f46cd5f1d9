using System.Runtime.InteropServices;
using System.Text.Json;
using Atlas.Modeling.Checkpoints;

namespace Atlas.Compute.Torch.Tests;

/// <summary>A golden checkpoint with its prompt and the logits that an independent forward pass gives for it.</summary>
internal sealed class GoldenCase : IDisposable
{
    private readonly float[] _logits;

    private GoldenCase(string directory)
    {
        Checkpoint = Checkpoint.Open(directory);
        Tokens = JsonSerializer.Deserialize<int[]>(File.ReadAllText(Path.Combine(directory, "tokens.json")))!;
        _logits = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.Combine(directory, "logits.bin"))).ToArray();
    }

    public static IEnumerable<string> Names => Directory.EnumerateDirectories(Root).Select(d => Path.GetFileName(d)!).Order();

    public Checkpoint Checkpoint { get; }

    public int[] Tokens { get; }

    public static GoldenCase Open(string name) => new(Path.Combine(Root, name));

    /// <summary>The logits after token <paramref name="index"/>.</summary>
    public ReadOnlySpan<float> Logits(int index) =>
        _logits.AsSpan(index * Checkpoint.Config.VocabularySize, Checkpoint.Config.VocabularySize);

    public void Dispose() => Checkpoint.Dispose();

    private static string Root
    {
        get
        {
            for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
            {
                string golden = Path.Combine(directory.FullName, "tests", "Conformance", "golden");
                if (Directory.Exists(golden)) return golden;
            }
            throw new DirectoryNotFoundException("tests/Conformance/golden above " + AppContext.BaseDirectory);
        }
    }
}
