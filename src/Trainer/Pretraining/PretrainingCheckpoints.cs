using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Atlas.Modeling;
using Atlas.Modeling.Checkpoints;
using Atlas.Modeling.Training;

namespace Atlas.Trainer.Pretraining;

/// <summary>
/// The checkpoints of one run: a directory with one folder per checkpoint (<c>step-00000500</c>), each with <c>config.json</c>,
/// <c>model.safetensors</c>, <c>optimizer.safetensors</c> and <c>state.json</c>. A folder appears as a whole, by a rename, with its files
/// flushed; <c>state.json</c> holds the others' hashes, so a damaged one is recognized and passed over. For one writer.
/// </summary>
public sealed class PretrainingCheckpoints
{
    private const string Prefix = "step-";
    private const string TemporaryPrefix = ".step-";
    private const string StateFile = "state.json";
    private const string OptimizerFile = "optimizer.safetensors";

    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter() },
    };

    private readonly string _root;

    /// <summary>The checkpoints below <paramref name="directory"/>, which is created when the first one is written.</summary>
    public PretrainingCheckpoints(string directory) => _root = Path.GetFullPath(directory);

    /// <summary>
    /// Writes a checkpoint, then deletes what an interrupted write left, later steps (of a run that was given up), and earlier ones but for
    /// the last and the newest at which the learning rate had not begun to fall.
    /// </summary>
    /// <returns>Its folder.</returns>
    public string Save(ITrainableDecoder decoder, PretrainingState state)
    {
        Directory.CreateDirectory(_root);
        string name = Prefix + state.Step.ToString("D8", CultureInfo.InvariantCulture);
        string folder = Path.Combine(_root, name);
        string temporary = Path.Combine(_root, "." + name + "." + Path.GetRandomFileName());
        Directory.CreateDirectory(temporary);
        CheckpointWriter.Write(temporary, decoder.Config, decoder.ExportWeights);
        WriteOptimizer(Path.Combine(temporary, OptimizerFile), decoder);
        var hashes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (string file in Directory.EnumerateFiles(temporary)) hashes[Path.GetFileName(file)] = Hash(file);
        AtomicFile.Write(Path.Combine(temporary, StateFile), JsonSerializer.SerializeToUtf8Bytes(state with { Hashes = hashes }, Json));
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        Directory.Move(temporary, folder);
        Clean(name);
        return folder;
    }

    /// <summary>The newest checkpoint that is whole; null when there is none.</summary>
    public PretrainingCheckpoint? OpenNewest() => OpenNewest(_ => true);

    /// <summary>The newest checkpoint that is whole and whose state fits; null when there is none.</summary>
    internal PretrainingCheckpoint? OpenNewest(Predicate<PretrainingState> fits)
    {
        foreach (string folder in Folders())
            if (TryOpen(folder, fits) is { } checkpoint)
                return checkpoint;
        return null;
    }

    // Newest first: names have fixed width.
    private IEnumerable<string> Folders() => Directory.Exists(_root)
        ? Directory.EnumerateDirectories(_root, Prefix + "*").OrderDescending(StringComparer.Ordinal)
        : [];

    private static PretrainingCheckpoint? TryOpen(string folder, Predicate<PretrainingState> fits)
    {
        try
        {
            var state = ReadState(folder);
            if (state == null || !state.Hashes.ContainsKey(OptimizerFile) || !fits(state)) return null;
            foreach (var (file, hash) in state.Hashes)
                if (Hash(Path.Combine(folder, file)) != hash)
                    return null;
            var weights = Checkpoint.Open(folder);
            return new PretrainingCheckpoint(state, weights, SafetensorsFile.Open(Path.Combine(folder, OptimizerFile)));
        }
        catch (Exception e) when (IsDamage(e))
        {
            return null;
        }
    }

    private static PretrainingState? ReadState(string folder) =>
        JsonSerializer.Deserialize<PretrainingState>(File.ReadAllBytes(Path.Combine(folder, StateFile)), Json);

    private static bool IsStable(string folder)
    {
        try
        {
            return ReadState(folder) is { IsStable: true };
        }
        catch (Exception e) when (IsDamage(e))
        {
            return false;
        }
    }

    private static bool IsDamage(Exception e) => e is IOException or UnauthorizedAccessException or JsonException or CheckpointException;

    private static void WriteOptimizer(string path, ITrainableDecoder decoder)
    {
        var shapes = new ShapeList();
        decoder.ExportOptimizer(shapes);
        using var writer = new SafetensorsWriter(path, shapes.Tensors, WeightType.F32);
        decoder.ExportOptimizer(writer);
        writer.Commit();
    }

    private static string Hash(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private void Clean(string saved)
    {
        var folders = Folders().ToList();
        var kept = folders.Where(folder => string.CompareOrdinal(Path.GetFileName(folder), saved) <= 0).Take(2).ToList();
        if (folders.Find(folder => string.CompareOrdinal(Path.GetFileName(folder), saved) <= 0 && IsStable(folder)) is { } stable) kept.Add(stable);
        foreach (string old in folders.Except(kept)) Directory.Delete(old, recursive: true);
        foreach (string stray in Directory.EnumerateDirectories(_root, TemporaryPrefix + "*")) Directory.Delete(stray, recursive: true);
    }

    // Learns names and shapes of what is exported.
    private sealed class ShapeList : IWeightSink
    {
        public List<TensorShape> Tensors { get; } = [];

        public void Write(string name, ReadOnlySpan<int> shape, ReadOnlySpan<float> values) => Tensors.Add(new TensorShape(name, shape.ToArray()));
    }
}
