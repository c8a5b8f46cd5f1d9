namespace Atlas.Modeling.Checkpoints;

/// <summary>
/// Compares the stored tensors with those that a configuration asks for: each must be there in its shape and in F32, F16 or BF16, and
/// nothing else may be, but for tensors known to change nothing.
/// </summary>
internal static class TensorCheck
{
    private const int ChunkBytes = 1 << 20;

    /// <summary>Adds a fault for each difference.</summary>
    public static void Check(ModelConfig config, string directory, WeightFiles weights, FaultList faults)
    {
        CheckExpected(config, directory, weights, faults);
        var expected = DecoderTensors.Expected(config).Select(tensor => tensor.Name).ToHashSet();
        foreach (var (name, stored) in weights.Tensors)
        {
            if (expected.Contains(name) || IsDerived(name)) continue;
            if (config.TiedEmbeddings && name == DecoderTensors.Head) CheckTiedHead(weights, stored.File, stored.Entry, faults);
            else faults.Add(stored.File.Description, $"tensor {FaultList.Quote(name)} is not one that {CheckpointFiles.Config} asks for");
        }
    }

    /// <summary>Adds a fault for each tensor that is not there as the configuration asks for it, whatever else is there.</summary>
    public static void CheckExpected(ModelConfig config, string directory, WeightFiles weights, FaultList faults)
    {
        foreach (TensorShape tensor in DecoderTensors.Expected(config))
        {
            if (!weights.Tensors.TryGetValue(tensor.Name, out var stored))
            {
                faults.Add(directory, $"tensor {FaultList.Quote(tensor.Name)} is missing, expected shape {Show(tensor.Shape)}");
                continue;
            }
            string file = stored.File.Description, where = $"tensor {FaultList.Quote(tensor.Name)}";
            if (!stored.Entry.Shape.SequenceEqual(tensor.Shape))
                faults.Add(file, $"{where}: shape {Show(stored.Entry.Shape)}, expected {Show(tensor.Shape)} by {CheckpointFiles.Config}");
            if (stored.Entry.Type is null) faults.Add(file, $"{where}: dtype {stored.Entry.Dtype}, expected F32, F16 or BF16");
        }
    }

    // Old llama checkpoints store the rotary frequencies; transformers drops them, since they follow from the configuration.
    private static bool IsDerived(string name) => name.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal);

    // Some writers store the shared matrix twice. A head that differs would not be tied at all.
    private static void CheckTiedHead(WeightFiles weights, SafetensorsFile file, SafetensorsEntry head, FaultList faults)
    {
        if (!weights.Tensors.TryGetValue(DecoderTensors.Embedding, out var embedding)) return;
        bool same = head.Dtype == embedding.Entry.Dtype && head.Shape.SequenceEqual(embedding.Entry.Shape);
        for (long at = 0; same && at < head.Bytes; at += ChunkBytes)
        {
            int count = (int)Math.Min(ChunkBytes, head.Bytes - at);
            same = file.Bytes(head, at, count).SequenceEqual(embedding.File.Bytes(embedding.Entry, at, count));
        }
        if (!same)
        {
            faults.Add(file.Description, $"tensor {FaultList.Quote(head.Name)} differs from {DecoderTensors.Embedding}, "
                + "but tie_word_embeddings says that they are one");
        }
    }

    private static string Show(IReadOnlyList<int> shape) => $"[{string.Join(", ", shape)}]";
}
