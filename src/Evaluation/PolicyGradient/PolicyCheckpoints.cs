using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Atlas.Modeling;
using Atlas.Modeling.Checkpoints;
using Atlas.Modeling.Training;
using Atlas.Trainer.Online;

namespace Atlas.Evaluation.PolicyGradient;

/// <summary>
/// The checkpoints of a policy-gradient run: a folder for each (<c>step-00000040</c>) with the policy, its moments, what the learned speculators
/// had published, and <c>state.json</c> with all figures so far. A folder appears as a whole, by a rename, with its files flushed, and
/// <c>state.json</c> holds the others' hashes; the two newest are kept. For one writer.
/// </summary>
/// <param name="directory">Where they go; created when the first is written.</param>
/// <param name="companions">Files that are copied beside the policy, its tokenizer above all.</param>
public sealed class PolicyCheckpoints(string directory, IReadOnlyList<string> companions)
{
    private const string Prefix = "step-";
    private const string StateFile = "state.json";
    private const string OptimizerFile = "optimizer.safetensors";
    private const string HeadPrefix = "head.";
    private const string HeadSuffix = ".safetensors";
    private const string HotVocabulary = "hot_vocabulary";
    private const int Kept = 2;

    private static readonly JsonSerializerOptions Json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>Writes a checkpoint and deletes older ones.</summary>
    public void Save(ITrainableDecoder policy, PolicyRunState state, IEnumerable<SpeculatorHead> heads)
    {
        Directory.CreateDirectory(directory);
        string name = Prefix + state.Steps.Count.ToString("D8", CultureInfo.InvariantCulture);
        string temporary = Path.Combine(directory, $".{name}.{Path.GetRandomFileName()}");
        Directory.CreateDirectory(temporary);
        CheckpointWriter.Write(temporary, policy.Config, policy.ExportWeights, companions: companions);
        var moments = new WeightsInMemory("optimizer");
        policy.ExportOptimizer(moments);
        SafetensorsWriter.Save(Path.Combine(temporary, OptimizerFile), moments);
        foreach (var head in heads) WriteHead(temporary, head);
        var hashes = Directory.EnumerateFiles(temporary).ToDictionary(file => Path.GetFileName(file), Hash);
        AtomicFile.Write(Path.Combine(temporary, StateFile), JsonSerializer.SerializeToUtf8Bytes(state with { Hashes = hashes }, Json));
        string folder = Path.Combine(directory, name);
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        Directory.Move(temporary, folder);
        foreach (string old in Folders().Skip(Kept)) Directory.Delete(old, recursive: true);
        foreach (string stray in Directory.EnumerateDirectories(directory, "." + Prefix + "*")) Directory.Delete(stray, recursive: true);
    }

    /// <summary>The newest checkpoint that is whole; null where there is none.</summary>
    public PolicyCheckpoint? OpenNewest() => Folders().Select(TryOpen).FirstOrDefault(checkpoint => checkpoint is not null);

    // Newest first: names have fixed width.
    private IEnumerable<string> Folders() =>
        Directory.Exists(directory) ? Directory.EnumerateDirectories(directory, Prefix + "*").OrderDescending(StringComparer.Ordinal) : [];

    private static PolicyCheckpoint? TryOpen(string folder)
    {
        try
        {
            var state = JsonSerializer.Deserialize<PolicyRunState>(File.ReadAllBytes(Path.Combine(folder, StateFile)), Json);
            if (state is null || !state.Hashes.ContainsKey(OptimizerFile)) return null;
            if (state.Hashes.Any(file => Hash(Path.Combine(folder, file.Key)) != file.Value)) return null;
            var heads = state.Hashes.Keys.Where(file => file.StartsWith(HeadPrefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)
                .Select(file => ReadHead(Path.Combine(folder, file))).ToList();
            return new PolicyCheckpoint(state, Checkpoint.Open(folder), SafetensorsFile.Open(Path.Combine(folder, OptimizerFile)), heads);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or CheckpointException)
        {
            return null;
        }
    }

    // The hot vocabulary's ids are exact as f32: vocabularies are smaller than 2^24.
    private static void WriteHead(string folder, SpeculatorHead head)
    {
        if (head.Weights.Weights is not WeightsInMemory weights) return;
        var copy = WeightsInMemory.CopyOf(weights, weights.Tensors.Select(tensor => tensor.Name));
        int[] hot = head.Weights.HotVocabulary;
        // A head on text alone has none.
        if (hot.Length > 0) copy.Write(HotVocabulary, [hot.Length], [.. hot.Select(token => (float)token)]);
        SafetensorsWriter.Save(Path.Combine(folder, $"{HeadPrefix}{head.Strategy}.{head.Domain}{HeadSuffix}"), copy);
    }

    private static SpeculatorHead ReadHead(string path)
    {
        string[] names = Path.GetFileName(path)[HeadPrefix.Length..^HeadSuffix.Length].Split('.', 2);
        using var file = SafetensorsFile.Open(path);
        var weights = WeightsInMemory.CopyOf(file, file.Names.Where(name => name != HotVocabulary));
        var hot = file.Names.Contains(HotVocabulary) ? new float[file.Describe(HotVocabulary).Shape[0]] : [];
        if (hot.Length > 0) file.Read(HotVocabulary, hot);
        return new SpeculatorHead(names[0], names[1], new LearnedWeights(0, weights, [.. hot.Select(token => (int)token)]));
    }

    private static string Hash(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
