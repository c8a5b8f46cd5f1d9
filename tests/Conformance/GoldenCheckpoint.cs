using System.Runtime.InteropServices;
using System.Text.Json;
using Atlas.Modeling.Checkpoints;

namespace Atlas.Conformance;

/// <summary>A checkpoint under tests/Conformance/golden with a text and the logits that an independent implementation gives for it.</summary>
public sealed class GoldenCheckpoint : IDisposable
{
    private readonly float[] _logits;

    public GoldenCheckpoint(string name)
    {
        string directory = Path.Combine(Root, name);
        Checkpoint = Checkpoint.Open(directory);
        Tokens = JsonSerializer.Deserialize<int[]>(File.ReadAllText(Path.Combine(directory, "tokens.json")))!;
        _logits = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.Combine(directory, "logits.bin"))).ToArray();
    }

    /// <summary>Names for theories.</summary>
    public static TheoryData<string> Names
    {
        get
        {
            var names = new TheoryData<string>();
            foreach (string name in Directory.EnumerateDirectories(Root).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal)) names.Add(name);
            return names;
        }
    }

    public Checkpoint Checkpoint { get; }

    public int[] Tokens { get; }

    /// <summary>Logits after token <paramref name="index"/>.</summary>
    public double[] Logits(int index)
    {
        int width = Checkpoint.Config.VocabularySize;
        return Array.ConvertAll(_logits[(index * width)..((index + 1) * width)], v => (double)v);
    }

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
