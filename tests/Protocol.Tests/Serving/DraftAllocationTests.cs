using Atlas.Protocol.Messages;
using Atlas.Protocol.Rpc;
using Atlas.Protocol.Serving;
using Atlas.Protocol.Tests.Rpc;

namespace Atlas.Protocol.Tests.Serving;

/// <summary>A draft's whole round trip, both ends and both directions of a Unix domain socket, allocates nothing once warm.</summary>
[Collection(nameof(AloneCollection))]
public sealed class DraftAllocationTests
{
    private const int Calls = 1000;

    [Theory]
    [InlineData(1, false, false)]
    [InlineData(64, false, false)]
    [InlineData(64, true, false)]
    [InlineData(64, true, true)]
    public async Task A_draft_allocates_nothing_at_either_end(int batch, bool packed, bool ownThread)
    {
        var (clientStream, serverStream) = await Wire.ConnectAsync();
        var options = new RpcOptions { ContinueInline = true, OwnThread = ownThread };
        await using var server = new RpcConnection(serverStream, new ServiceDispatcher(new FakeService()), options);
        await using var client = new RpcConnection(clientStream, new EchoHandler(), options);
        _ = server.RunAsync();
        _ = client.RunAsync();
        var parameters = new DraftParams { DeadlineUs = 500, VerifyUs = 20_000 };
        for (int i = 0; i < batch; i++)
        {
            await client.CallAsync(RpcMethods.Open, new OpenParams { Session = i }, null);
            SequenceUpdate update = parameters.Sequences.Add();
            update.Session = i;
            update.Packed = packed;
            update.Budget = 5;
            update.Tokens.Set([7, 100_000, 9]);
            update.TopK = 2;
            update.TopTokens.Set([1, 2, 3, 4, 5, 6]);
            update.TopLogprobs.Set([-0.5f, -1, -1.5f, -2, -2.5f, -3]);
            update.Hidden.Set(new byte[3 * 16]);
        }
        var result = new DraftResult();
        for (int i = 0; i < 100; i++) await CallAsync(client, parameters, result);
        // The test host's own threads allocate too, the more the longer a window takes: the quietest one counts, and less than one object
        // (24 bytes) per call is theirs.
        long least = long.MaxValue;
        for (int window = 0; window < 5; window++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            for (int i = 0; i < Calls; i++)
            {
                await client.CallAsync(RpcMethods.Draft, parameters, result);
                for (int k = 0; k < batch; k++) parameters.Sequences[k].Base += parameters.Sequences[k].Tokens.Count;
            }
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }
        Assert.InRange(least, 0, Calls * 20);
        Assert.Equal(DraftStatus.Ok, result.Sequences[batch - 1].Status);
        Assert.Equal([10, 11, 12, 13, 14], result.Sequences[batch - 1].Tokens.Span.ToArray());
    }

    private static async Task CallAsync(RpcConnection client, DraftParams parameters, DraftResult result)
    {
        await client.CallAsync(RpcMethods.Draft, parameters, result);
        for (int k = 0; k < parameters.Sequences.Count; k++) parameters.Sequences[k].Base += parameters.Sequences[k].Tokens.Count;
    }
}
