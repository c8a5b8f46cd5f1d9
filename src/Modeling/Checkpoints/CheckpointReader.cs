namespace Atlas.Modeling.Checkpoints;

/// <summary>Reads a whole checkpoint directory into a fault list: what <see cref="Checkpoint"/> and the inspector have in common.</summary>
internal static class CheckpointReader
{
    /// <summary>
    /// Configuration and weight files as far as they can be read. The caller owns the weight files. Without a fault both are there and
    /// agree.
    /// </summary>
    public static (ModelConfig? Config, WeightFiles? Weights) Read(string directory, FaultList faults)
    {
        if (File.Exists(directory)) faults.Add(directory, "is a file, expected a checkpoint directory");
        else if (!Directory.Exists(directory)) faults.Add(directory, "no such directory");
        if (faults.Count > 0) return (null, null);
        ModelConfig? config = ConfigReader.Read(directory, faults);
        string adapter = Path.Combine(directory, CheckpointFiles.AdapterConfig);
        if (Path.Exists(adapter)) faults.Add(adapter, "adapters are not supported, expected weights with the adapter merged in");
        WeightFiles? weights = null;
        try
        {
            weights = WeightFiles.Open(directory, faults);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            faults.Add(directory, $"cannot be read: {e.Message}");
        }
        if (config is not null && weights is not null) TensorCheck.Check(config, directory, weights, faults);
        return (config, weights);
    }
}
