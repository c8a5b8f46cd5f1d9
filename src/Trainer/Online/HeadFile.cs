using System.Globalization;
using Atlas.Modeling;
using Atlas.Modeling.Checkpoints;

namespace Atlas.Trainer.Online;

/// <summary>
/// Weights that a learned speculator begins with, shipped beside its target: <c>head.safetensors</c>, the head's tensors in bf16, with what they
/// belong to and the tokens that they propose among in the header's metadata.
/// </summary>
public static class HeadFile
{
    /// <summary>The file's name in the target's directory.</summary>
    public const string FileName = "head.safetensors";

    private const string FingerprintKey = "target_fingerprint";
    private const string HotVocabularyKey = "hot_vocabulary";
    private const string ScoreKey = "acceptance_length";

    /// <summary>Writes the file; it appears as a whole.</summary>
    /// <param name="directory">The target's directory.</param>
    /// <param name="weights">What a trainer has published.</param>
    /// <param name="fingerprint">Identifies the target's weights and tokenizer.</param>
    /// <exception cref="ArgumentException">The weights are not in memory.</exception>
    public static void Write(string directory, LearnedWeights weights, string fingerprint)
    {
        if (weights.Weights is not WeightsInMemory tensors)
            throw new ArgumentException($"{weights.Weights.Description} cannot be written; expected weights in memory", nameof(weights));
        SafetensorsWriter.Save(Path.Combine(directory, FileName), tensors, WeightType.BF16, new Dictionary<string, string>
        {
            [FingerprintKey] = fingerprint,
            [HotVocabularyKey] = string.Join(',', weights.HotVocabulary.Select(token => token.ToString(CultureInfo.InvariantCulture))),
            [ScoreKey] = weights.ShadowScore.ToString("F3", CultureInfo.InvariantCulture),
        });
    }

    /// <summary>Reads the file of a target; null where there is none.</summary>
    /// <param name="directory">The target's directory.</param>
    /// <param name="fingerprint">Identifies the target's weights and tokenizer.</param>
    /// <param name="vocabularySize">Ids that there are.</param>
    /// <exception cref="CheckpointException">It is damaged, or belongs to another target.</exception>
    public static LearnedWeights? Read(string directory, string fingerprint, int vocabularySize)
    {
        string path = Path.Combine(directory, FileName);
        if (!File.Exists(path)) return null;
        using var file = SafetensorsFile.Open(path);
        if (!file.Metadata.TryGetValue(FingerprintKey, out string? written) || written != fingerprint)
            throw new CheckpointException($"{path}: was not trained for the target and tokenizer beside it; expected its own, or no such file");
        int[] hot = [.. Hot(file.Metadata.GetValueOrDefault(HotVocabularyKey, ""), path, vocabularySize)];
        for (int i = 1; i < hot.Length; i++)
            if (hot[i] <= hot[i - 1])
                throw new CheckpointException($"{path}: {HotVocabularyKey} has {hot[i]} behind {hot[i - 1]}; expected rising ids");
        double score = double.TryParse(file.Metadata.GetValueOrDefault(ScoreKey), NumberStyles.Float, CultureInfo.InvariantCulture, out double known) ? known : 0;
        var weights = WeightsInMemory.CopyOf(file, file.Names);
        foreach (string name in file.Names)
            foreach (float value in weights.Values(name))
                if (!float.IsFinite(value))
                    throw new CheckpointException($"{path}: {name} holds {value}; expected finite values");
        return new LearnedWeights(0, weights, hot, score);
    }

    private static IEnumerable<int> Hot(string text, string path, int vocabularySize)
    {
        foreach (string part in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int token) || token >= vocabularySize)
                throw new CheckpointException($"{path}: {HotVocabularyKey} has '{part}'; expected ids from 0 to {vocabularySize - 1}");
            yield return token;
        }
    }
}
