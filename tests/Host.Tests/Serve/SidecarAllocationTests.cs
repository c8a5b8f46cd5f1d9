using Atlas.Host.Service.Sidecar;
using Atlas.Protocol.Messages;
using Atlas.Protocol.Rpc;
using Atlas.Protocol.Serving;

namespace Atlas.Host.Tests.Serve;

/// <summary>A draft call of a sidecar allocates nothing on its thread once its stores have their size.</summary>
public sealed class SidecarAllocationTests
{
    private const int Calls = 300;
    private const int HiddenSize = 16;

    // What the store of states grows by for a token, until it is full.
    private const int BytesPerState = 88;

    [Theory]
    [InlineData(1, "suffix")]
    [InlineData(8, "suffix")]
    [InlineData(1, "learned")]
    [InlineData(1, "auto")]
    [InlineData(8, "recall")]
    public async Task A_draft_allocates_nothing(int batch, string speculator)
    {
        using var sidecar = new SidecarService(ServingSidecar.Settings() with { HiddenSize = speculator == "recall" ? HiddenSize : 0 });
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
        long pages = speculator == "recall" ? Calls * batch * 2 * BytesPerState : 0;
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
            states[(int)(position % HiddenSize)] = states[HiddenSize + (int)((position + 1) % HiddenSize)] = 1;
            parameters.Sequences[i].SetHidden(states, (HiddenType)(position / 2 % 3));
        }
        result.Clear();
        sidecar.Draft(peer, parameters, result);
    }

    private static Host.Service.AtlasService Service(SidecarService sidecar) =>
        Host.Service.ServiceBuilder.Service(null, sidecar, new Host.Service.Metrics.MetricSet(), new Host.Service.AccessSettings(null, 1 << 20));

    private static int Truth(long position) => 10 + (int)(position * 7 % 20);

    private static int[] Text(int from, int count) => [.. Enumerable.Range(from, count).Select(position => Truth(position))];
}
