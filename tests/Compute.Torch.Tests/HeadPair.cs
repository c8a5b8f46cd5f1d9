using Atlas.Compute.Cpu;
using Atlas.Conformance.Models;
using Atlas.Modeling;
using Atlas.Modeling.Engine;
using Atlas.Modeling.Training;

namespace Atlas.Compute.Torch.Tests;

/// <summary>The same target on the embedded engine and on this one, the states it has left on each, and heads of the same weights over them.</summary>
internal sealed class HeadPair : IDisposable
{
    private const int Rows = 6;

    public static readonly HeadConfig Config = new() { IntermediateSize = 24, HotVocabularySize = 20, MaxRows = 8, DraftFormat = WeightFormat.F32 };
    public static readonly int[] Hot = [0, 2, 3, 5, 8, 9, 11, 14, 17, 22, 40, 63, 64, 77];

    private readonly CpuEngine _cpuEngine = new(new CpuEngineOptions { Threads = 1 });
    private readonly IComputeEngine _torchEngine = TorchUnderTest.Create();

    public HeadPair()
    {
        TargetWeights = new TestWeights(Model, 3);
        CpuTarget = Load(_cpuEngine);
        TorchTarget = Load(_torchEngine);
        CpuStates = States(CpuTarget);
        TorchStates = States(TorchTarget);
        Weights = new WeightsInMemory("weights of a head");
        foreach (var tensor in HeadTensors.Expected(Config, Model.HiddenSize))
        {
            var values = new float[tensor.Elements];
            NormalGenerator.Fill(values, 17, tensor.Name, tensor.Shape.Count > 1 ? 0.2 : 0.1);
            if (tensor.Shape.Count == 1)
                for (int i = 0; i < values.Length; i++) values[i] += 1;
            Weights.Write(tensor.Name, tensor.Shape.ToArray(), values);
        }
    }

    public static ModelConfig Model => TinyModels.All["llama"];

    public TestWeights TargetWeights { get; }

    public IDecoder CpuTarget { get; }

    public IDecoder TorchTarget { get; }

    public IRetainedHiddenStates CpuStates { get; }

    public IRetainedHiddenStates TorchStates { get; }

    public WeightsInMemory Weights { get; }

    public ITrainableHead CpuHead(IWeightSource? weights = null) => Chosen(_cpuEngine.CreateTrainableHead(Config, CpuTarget, weights ?? Weights, 0));

    public ITrainableHead TorchHead(IWeightSource? weights = null) => Chosen(_torchEngine.CreateTrainableHead(Config, TorchTarget, weights ?? Weights, 0));

    /// <summary>A head with first weights from a seed.</summary>
    public ITrainableHead UntrainedTorchHead(ulong seed, HeadConfig? config = null) =>
        _torchEngine.CreateTrainableHead(config ?? Config, TorchTarget, null, seed);

    /// <summary>The same, of the embedded engine.</summary>
    public ITrainableHead UntrainedCpuHead(ulong seed) => _cpuEngine.CreateTrainableHead(Config, CpuTarget, null, seed);

    /// <summary>Examples of different lengths, some of their targets not hot, one row with none.</summary>
    public static HeadExample[] Examples(IHiddenStates states) =>
    [
        new(states, 1, [4, 7], [2, 1, 5, 9], [0.6f, 0.3f, 0.5f, 0.4f]),
        new(states, 0, [3, 9, 12, 1], [5, 8, 6, 1, 9, -1, 17, 22], [0.7f, 0.1f, 0.5f, 0.2f, 0.9f, 0, 0.25f, 0.5f]),
        new(states, 5, [22], [0, 77], [0.2f, 0.3f]),
    ];

    public static WeightsInMemory Export(ITrainableHead head)
    {
        var weights = new WeightsInMemory();
        head.ExportWeights(weights);
        return weights;
    }

    public void Dispose()
    {
        CpuStates.Dispose();
        TorchStates.Dispose();
        CpuTarget.Dispose();
        TorchTarget.Dispose();
        _cpuEngine.Dispose();
        _torchEngine.Dispose();
    }

    private static ITrainableHead Chosen(ITrainableHead head)
    {
        head.SetHotVocabulary(Hot);
        return head;
    }

    private IDecoder Load(IComputeEngine engine) => engine.LoadDecoder(Model, TargetWeights, new DecoderOptions { Format = WeightFormat.F32 });

    private static IRetainedHiddenStates States(IDecoder target)
    {
        using var sequence = target.OpenSequence();
        var plan = new BatchPlan();
        plan.Begin(sequence);
        for (int i = 0; i < Rows; i++) plan.Add(i * 3 + 1, i - 1, output: true);
        return target.Forward(plan).Hidden.Retain(Enumerable.Range(0, Rows).ToArray());
    }
}
