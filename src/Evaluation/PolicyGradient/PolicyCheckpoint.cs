using Atlas.Modeling;
using Atlas.Modeling.Checkpoints;

namespace Atlas.Evaluation.PolicyGradient;

/// <summary>A whole checkpoint of a run, open for reading. Its directory is a model checkpoint too.</summary>
public sealed class PolicyCheckpoint : IDisposable
{
    private readonly Checkpoint _weights;
    private readonly SafetensorsFile _optimizer;

    internal PolicyCheckpoint(PolicyRunState state, Checkpoint weights, SafetensorsFile optimizer, IReadOnlyList<SpeculatorHead> heads)
    {
        State = state;
        _weights = weights;
        _optimizer = optimizer;
        Heads = heads;
    }

    /// <summary>Where the run stood.</summary>
    public PolicyRunState State { get; }

    /// <summary>The policy's weights, f32.</summary>
    public IWeightSource Weights => _weights;

    /// <summary>The optimizer's moments.</summary>
    public IWeightSource Optimizer => _optimizer;

    /// <summary>What the learned speculators had published.</summary>
    public IReadOnlyList<SpeculatorHead> Heads { get; }

    /// <summary>Closes its files.</summary>
    public void Dispose()
    {
        _weights.Dispose();
        _optimizer.Dispose();
    }
}
