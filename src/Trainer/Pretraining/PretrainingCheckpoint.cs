using Atlas.Modeling;
using Atlas.Modeling.Checkpoints;

namespace Atlas.Trainer.Pretraining;

/// <summary>A whole checkpoint of a run, open for reading. The directory is a model checkpoint too: <see cref="Checkpoint.Open"/> takes it.</summary>
public sealed class PretrainingCheckpoint : IDisposable
{
    private readonly Checkpoint _weights;
    private readonly SafetensorsFile _optimizer;

    internal PretrainingCheckpoint(PretrainingState state, Checkpoint weights, SafetensorsFile optimizer)
    {
        State = state;
        _weights = weights;
        _optimizer = optimizer;
    }

    /// <summary>Where the run stood.</summary>
    public PretrainingState State { get; }

    /// <summary>Where it lies.</summary>
    public string Directory => _weights.Directory;

    /// <summary>Shape of the model.</summary>
    public ModelConfig Config => _weights.Config;

    /// <summary>The model's weights.</summary>
    public IWeightSource Weights => _weights;

    /// <summary>The optimizer's moments.</summary>
    public IWeightSource Optimizer => _optimizer;

    /// <summary>Closes its files.</summary>
    public void Dispose()
    {
        _weights.Dispose();
        _optimizer.Dispose();
    }
}
