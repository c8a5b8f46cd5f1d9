using Atlas.Compute.Cpu;
using Atlas.Host.Service.Sidecar;
using Atlas.Host.Speculation;
using Atlas.Modeling;
using Atlas.Modeling.Engine;
using Atlas.Modeling.Training;
using Atlas.Protocol.Messages;
using Atlas.Protocol.Rpc;
using Atlas.Protocol.Serving;
using Atlas.Trainer.Online;

namespace Atlas.Host.Tests.Serve;

/// <summary>A draft call of a sidecar allocates nothing on its thread once its stores have their size.</summary>
public sealed class SidecarAllocationTests
{
    private const int Calls = 300;
    private const int HiddenSize = 32;

    // Tokens after which the text begins anew.
    private const int Period = 20;

    // What the store of states grows by for a token, until it is full.
    private const int BytesPerState = 88;

    private static ModelConfig Ends { get; } = new()
    {
        ModelType = "llama",
        VocabularySize = ServingSidecar.Vocabulary,
        HiddenSize = HiddenSize,
        Layers = 0,
        IntermediateSize = 1,
        Heads = 1,
        KvHeads = 1,
        HeadDim = 2,
        ContextLength = 1,
    };

    [Theory]
    [InlineData(1, "suffix")]
    [InlineData(8, "suffix")]
    [InlineData(1, "learned")]
    [InlineData(1, "auto")]
    [InlineData(8, "auto")]
    [InlineData(8, "recall")]
    [InlineData(8, "learned", true)]
    public async Task A_draft_allocates_nothing(int batch, string speculator, bool onStates = false)
    {
        using var engine = new CpuEngine(new CpuEngineOptions { Threads = 1 });
        using var ends = engine.LoadDecoder(Ends, EndWeights(), new DecoderOptions { MaxRows = 1, MaxPending = 1 });
        using var sidecar = new SidecarService(ServingSidecar.Settings() with
        {
            HiddenSize = onStates || speculator == "recall" ? HiddenSize : 0,
            StateHeads = onStates ? Heads(engine, ends) : null,
        });
        await using var connection = new RpcConnection(Stream.Null, new ServiceDispatcher(Service(sidecar)));
        var peer = new ServicePeer(connection);
        var parameters = new DraftParams { VerifyUs = 20_000 };
        for (int i = 0; i < batch; i++)
        {
            sidecar.Open(peer, ServingSidecar.Open(i, Text(0, 100), speculator: speculator));
            var update = parameters.Sequences.Add();
            (update.Session, update.Budget) = (i, 4);
        }
        var result = new DraftResult();
        long position = 100, least = long.MaxValue;
        for (int window = 0; window < 4; window++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int call = 0; call < Calls; call++, position += 2) Call(sidecar, peer, parameters, result, position);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Assert.True(result.Sequences[batch - 1].Tokens.Count > 0);
        // Texts and stores grow by doubling: in the quietest of the windows hardly anything does.
        long pages = onStates || speculator == "recall" ? Calls * batch * 2 * BytesPerState : 0;
        Assert.InRange(least, 0, (Calls * batch * 64) + pages);
    }

    private static void Call(SidecarService sidecar, ServicePeer peer, DraftParams parameters, DraftResult result, long position)
    {
        Span<int> tokens = [Truth(position), Truth(position + 1)];
        Span<float> states = stackalloc float[2 * HiddenSize];
        for (int i = 0; i < parameters.Sequences.Count; i++)
        {
            parameters.Sequences[i].Base = position;
            parameters.Sequences[i].Tokens.Set(tokens);
            states.Clear();
            states[(int)(position % Period)] = states[HiddenSize + (int)((position + 1) % Period)] = 1;
            parameters.Sequences[i].SetHidden(states, (HiddenType)(position / 2 % 3));
        }
        result.Clear();
        sidecar.Draft(peer, parameters, result);
    }

    // Output rows that know the next token by the state, which says where in the text it is.
    private static WeightsInMemory EndWeights()
    {
        var weights = WeightsInMemory.CopyOf(new RandomWeights(Ends, 1), DecoderTensors.Expected(Ends).Select(tensor => tensor.Name));
        float[] ones = new float[HiddenSize], head = new float[ServingSidecar.Vocabulary * HiddenSize];
        Array.Fill(ones, 1f);
        for (int at = 0; at < Period; at++) head[(Truth(at + 1) * HiddenSize) + at] = 8f;
        weights.Write(DecoderTensors.FinalNorm, [HiddenSize], ones);
        weights.Write(DecoderTensors.Head, [ServingSidecar.Vocabulary, HiddenSize], head);
        return weights;
    }

    // An untrained head, which keeps the state, and proposes among all tokens.
    private static StateHeads Heads(CpuEngine engine, IDecoder ends)
    {
        var factory = new TargetHeads(engine, ends, new HeadConfig { IntermediateSize = 16, HotVocabularySize = ServingSidecar.Vocabulary });
        var weights = new WeightsInMemory();
        using var head = factory.Create(null, 1);
        head.ExportWeights(weights);
        return new StateHeads(factory, new LearnedWeights(0, weights, [.. Enumerable.Range(0, ServingSidecar.Vocabulary)]), "ends");
    }

    private static Host.Service.AtlasService Service(SidecarService sidecar) =>
        Host.Service.ServiceBuilder.Service(null, sidecar, new Host.Service.Metrics.MetricSet(), new Host.Service.AccessSettings(null, 1 << 20));

    private static int Truth(long position) => 10 + (int)(position * 7 % Period);

    private static int[] Text(int from, int count) => [.. Enumerable.Range(from, count).Select(position => Truth(position))];
}
