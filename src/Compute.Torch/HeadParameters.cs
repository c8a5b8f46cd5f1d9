using Atlas.Modeling;
using Atlas.Modeling.Training;
using TorchSharp;

namespace Atlas.Compute.Torch;

/// <summary>All weights of a head that learns, gate and up stacked as one matrix.</summary>
internal sealed class HeadParameters : IDisposable
{
    private readonly TensorShape[] _shapes;

    /// <summary>Zeros of a head's shapes.</summary>
    public HeadParameters(HeadConfig config, int hidden, torch.Device device)
    {
        _shapes = [.. HeadTensors.Expected(config, hidden)];
        HeadParameter Of(params string[] names) => new(device, [.. names.Select(name => _shapes.Single(s => s.Name == name))]);
        StateNorm = Of(HeadTensors.StateNorm);
        TokenNorm = Of(HeadTensors.TokenNorm);
        GateUp = Of(HeadTensors.Gate, HeadTensors.Up);
        Down = Of(HeadTensors.Down);
        ResultNorm = Of(HeadTensors.ResultNorm);
        All = [StateNorm, TokenNorm, GateUp, Down, ResultNorm];
    }

    /// <summary>Norm over the state.</summary>
    public HeadParameter StateNorm { get; }

    /// <summary>Norm over the token's embedding.</summary>
    public HeadParameter TokenNorm { get; }

    /// <summary>Gate and up projection.</summary>
    public HeadParameter GateUp { get; }

    /// <summary>Down projection.</summary>
    public HeadParameter Down { get; }

    /// <summary>Norm of the next state.</summary>
    public HeadParameter ResultNorm { get; }

    /// <summary>All of them in the checkpoint's order.</summary>
    public IReadOnlyList<HeadParameter> All { get; }

    /// <summary>The weights themselves, which remember how they were used.</summary>
    public HeadMatrices Matrices => new(StateNorm.Weight, TokenNorm.Weight, GateUp.Weight, Down.Weight, ResultNorm.Weight);

    /// <summary>First values of an untrained head.</summary>
    public void Initialize(ulong seed, float stateScale)
    {
        var initial = new WeightsInMemory("an untrained head");
        foreach (var shape in _shapes)
        {
            var values = new float[shape.Elements];
            HeadTensors.Initialize(shape.Name, values, seed, stateScale);
            initial.Write(shape.Name, shape.Shape.ToArray(), values);
        }
        Read(initial);
    }

    /// <summary>Replaces the weights; a faulty source changes nothing.</summary>
    /// <exception cref="CheckpointException">A tensor is missing or has another shape.</exception>
    public void Read(IWeightSource source)
    {
        new WeightReader(source).Check(_shapes);
        foreach (var parameter in All) parameter.Read(source);
    }

    /// <summary>Replaces the moments; a faulty source changes nothing.</summary>
    /// <exception cref="CheckpointException">A moment is missing or has another shape.</exception>
    public void ReadMoments(IWeightSource source)
    {
        var reader = new WeightReader(source);
        reader.Check(_shapes.Select(s => s with { Name = OptimizerTensors.FirstMoment(s.Name) }));
        reader.Check(_shapes.Select(s => s with { Name = OptimizerTensors.SecondMoment(s.Name) }));
        foreach (var parameter in All) parameter.ReadMoments(source);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var parameter in All) parameter.Dispose();
    }
}
