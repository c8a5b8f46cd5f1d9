namespace Atlas.Modeling.Checkpoints;

/// <summary>
/// Writes a checkpoint directory that transformers and <see cref="Checkpoint"/> read: <c>config.json</c> in the current layout and
/// <c>model.safetensors</c>. A new directory appears as a whole, by a rename. In an existing one the two files are replaced one after the
/// other, weights first, each as a whole; other files there stay.
/// </summary>
public static class CheckpointWriter
{
    /// <summary>Writes weights that another source holds.</summary>
    /// <param name="directory">The checkpoint directory; its parent must exist.</param>
    /// <param name="config">The model's shape.</param>
    /// <param name="weights">Has every tensor that the shape asks for.</param>
    /// <param name="type">Element type on disk, <see cref="WeightType.F32"/> or <see cref="WeightType.BF16"/>.</param>
    /// <param name="companions">Paths of files to copy beside them, such as the tokenizer.</param>
    /// <exception cref="ArgumentException">No checkpoint of that model type can say what the configuration says.</exception>
    public static void Write(
        string directory, ModelConfig config, IWeightSource weights, WeightType type = WeightType.F32, IEnumerable<string>? companions = null)
    {
        ArgumentNullException.ThrowIfNull(weights);
        Write(directory, config, sink => Copy(config, weights, sink), type, companions);
    }

    /// <summary>Writes weights as a model exports them.</summary>
    /// <param name="directory">The checkpoint directory; its parent must exist.</param>
    /// <param name="config">The model's shape.</param>
    /// <param name="export">Writes every tensor that the shape asks for into the sink, in any order.</param>
    /// <param name="type">Element type on disk, <see cref="WeightType.F32"/> or <see cref="WeightType.BF16"/>.</param>
    /// <param name="companions">Paths of files to copy beside them, such as the tokenizer.</param>
    /// <exception cref="ArgumentException">No checkpoint of that model type can say what the configuration says.</exception>
    public static void Write(
        string directory, ModelConfig config, Action<IWeightSink> export, WeightType type = WeightType.F32,
        IEnumerable<string>? companions = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(export);
        byte[] json = ConfigWriter.ToJson(config, type);
        if (Directory.Exists(directory))
        {
            WriteFiles(directory, json, config, export, type, companions ?? []);
            return;
        }
        string temporary = AtomicFile.TemporaryName(directory);
        Directory.CreateDirectory(temporary);
        try
        {
            WriteFiles(temporary, json, config, export, type, companions ?? []);
            Directory.Move(temporary, directory);
        }
        catch
        {
            Directory.Delete(temporary, recursive: true);
            throw;
        }
    }

    private static void WriteFiles(
        string directory, byte[] json, ModelConfig config, Action<IWeightSink> export, WeightType type, IEnumerable<string> companions)
    {
        foreach (string companion in companions)
        {
            using FileStream source = File.OpenRead(companion);
            AtomicFile.Write(Path.Combine(directory, Path.GetFileName(companion)), source.CopyTo);
        }
        using (var writer = new SafetensorsWriter(Path.Combine(directory, CheckpointFiles.Weights), DecoderTensors.Expected(config), type))
        {
            export(writer);
            writer.Commit();
        }
        AtomicFile.Write(Path.Combine(directory, CheckpointFiles.Config), json);
    }

    private static void Copy(ModelConfig config, IWeightSource weights, IWeightSink sink)
    {
        float[] values = [];
        foreach (TensorShape tensor in DecoderTensors.Expected(config))
        {
            int count = checked((int)tensor.Elements);
            if (values.Length < count) values = new float[count];
            weights.Read(tensor.Name, values.AsSpan(0, count));
            sink.Write(tensor.Name, [.. tensor.Shape], values.AsSpan(0, count));
        }
    }
}
