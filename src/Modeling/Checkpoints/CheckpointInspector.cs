namespace Atlas.Modeling.Checkpoints;

/// <summary>
/// Looks a checkpoint directory over without stopping at the first fault. Reads every weight once (to find values that are not finite), so
/// it takes as long as reading the files does.
/// </summary>
public static class CheckpointInspector
{
    private const int ChunkElements = 1 << 14;

    /// <summary>Inspects a directory; never throws because of what it holds.</summary>
    /// <param name="directory">The checkpoint directory.</param>
    /// <param name="checks">Further checks, run in their order where the directory exists.</param>
    public static CheckpointReport Inspect(string directory, params IReadOnlyList<CheckpointCheck> checks)
    {
        ArgumentNullException.ThrowIfNull(directory);
        ArgumentNullException.ThrowIfNull(checks);
        var faults = new FaultList();
        (ModelConfig? config, WeightFiles? weights) = CheckpointReader.Read(directory, faults);
        using (weights)
        {
            string? fingerprint = faults.Count == 0 ? Fingerprint.Compute(config!, weights!) : null;
            if (weights is not null) FindNonFinite(weights, faults);
            if (Directory.Exists(directory)) Run(checks, directory, config, faults);
            return new CheckpointReport
            {
                Directory = directory,
                Config = config,
                Tensors = weights is null ? [] : [.. weights.Tensors.Values.Select(t => Describe(t.File, t.Entry))],
                HasTokenizer = File.Exists(Path.Combine(directory, CheckpointFiles.Tokenizer)),
                Fingerprint = fingerprint,
                Faults = faults.All,
            };
        }
    }

    private static StoredTensor Describe(SafetensorsFile file, SafetensorsEntry entry) =>
        new(entry.Name, entry.Dtype, entry.Shape, entry.Bytes, Path.GetFileName(file.Description));

    private static void FindNonFinite(WeightFiles weights, FaultList faults)
    {
        var values = new float[ChunkElements];
        foreach ((SafetensorsFile file, SafetensorsEntry entry) in weights.Tensors.Values)
        {
            if (entry.Type is not { } type) continue;
            long bad = 0, size = Widening.Size(type);
            for (long done = 0; done < entry.Elements; done += ChunkElements)
            {
                Span<float> chunk = values.AsSpan(0, (int)Math.Min(ChunkElements, entry.Elements - done));
                Widening.ToSingle(type, file.Bytes(entry, done * size, (int)(chunk.Length * size)), chunk);
                foreach (float value in chunk) bad += float.IsFinite(value) ? 0 : 1;
            }
            if (bad > 0) faults.Add(file.Description, $"tensor {FaultList.Quote(entry.Name)}: {bad} values are not finite");
        }
    }

    private static void Run(IReadOnlyList<CheckpointCheck> checks, string directory, ModelConfig? config, FaultList faults)
    {
        foreach (CheckpointCheck check in checks)
        {
            try
            {
                foreach (string finding in check(directory, config)) faults.AddLine(finding);
            }
            catch (CheckpointException e)
            {
                faults.AddLine(e.Message);
            }
        }
    }
}
