using System.Diagnostics;
using Atlas.Client;
using Atlas.Host.Tests.Running;
using Atlas.Protocol.Messages;
using Atlas.Protocol.Rpc;

namespace Atlas.Host.Tests.Serve;

/// <summary>A disk that is full, or may not be written to, costs checkpoints and nothing else.</summary>
public sealed class DiskFaultTests
{
    [MountFact]
    public async Task A_full_disk_is_counted_and_checkpoints_go_on_when_there_is_room_again()
    {
        using var scratch = new Scratch();
        string directory = Directory.CreateDirectory(scratch.At("state")).FullName;
        using var process = Start(scratch, $"mount -t tmpfs -o size=256k none {directory} && {{ head -c 1m /dev/zero > {directory}/filler || true; }}");
        try
        {
            await using var client = await ConnectAsync(process, scratch);
            await TeachAsync(client, 1);
            Assert.Equal(RpcErrorCode.Internal, (await Assert.ThrowsAsync<RpcException>(() => client.CheckpointAsync())).Code);
            await AssertServesAsync(client, 1, faults: 1);
            // As this process sees it, in which alone it is mounted.
            File.Delete($"/proc/{process.Id}/root{directory}/filler");
            await TeachAsync(client, 2);
            await client.CheckpointAsync();
            // Nothing of what failed takes room.
            string[] left = [.. Directory.EnumerateDirectories($"/proc/{process.Id}/root{directory}", "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })];
            Assert.DoesNotContain(left, folder => Path.GetFileName(folder).StartsWith('.'));
            Assert.Contains(left, folder => Path.GetFileName(folder).StartsWith("memory-", StringComparison.Ordinal));
            await AssertServesAsync(client, 2, faults: 1);
        }
        finally
        {
            await EndAsync(process);
        }
    }

    [MountFact]
    public async Task A_directory_that_may_not_be_written_to_is_counted()
    {
        using var scratch = new Scratch();
        string directory = Directory.CreateDirectory(scratch.At("state")).FullName;
        using var process = Start(scratch, $"mount -t tmpfs -o size=256k none {directory} && mount -o remount,ro {directory}");
        try
        {
            await using var client = await ConnectAsync(process, scratch);
            await TeachAsync(client, 1);
            Assert.Equal(RpcErrorCode.Internal, (await Assert.ThrowsAsync<RpcException>(() => client.CheckpointAsync())).Code);
            await AssertServesAsync(client, 1, faults: 1);
        }
        finally
        {
            await EndAsync(process);
        }
    }

    private static Process Start(Scratch scratch, string prepare) => AtlasProgram.StartBehind(
        ["unshare", "-rm", "sh", "-c", $"{prepare} && exec \"$@\"", "sh"],
        ["serve", "--sidecar", "--vocabulary", $"{ServingSidecar.Vocabulary}", "--listen", scratch.At("a.sock"), "--checkpoints", scratch.At("state")]);

    private static async Task<AtlasClient> ConnectAsync(Process process, Scratch scratch)
    {
        string? line = await process.StandardOutput.ReadLineAsync();
        Assert.True(line is not null, line is null ? await process.StandardError.ReadToEndAsync() : "");
        return await AtlasClient.ConnectAsync(RpcEndpoint.Unix(scratch.At("a.sock")));
    }

    private static async Task TeachAsync(AtlasClient client, long session)
    {
        await client.OpenAsync(ServingSidecar.Open(session, Text(0, 200), "mine", "suffix"));
        Assert.True((await ServingSidecar.DraftAsync(client, session, 200, Text(200, 5))).Tokens.Count > 0);
    }

    private static async Task AssertServesAsync(AtlasClient client, long session, int faults)
    {
        for (int position = 205; position < 215; position += 5)
        {
            var draft = await ServingSidecar.DraftAsync(client, session, position, Text(position, 5));
            Assert.Equal((DraftStatus.Ok, position + 5L), (draft.Status, draft.Position));
            Assert.Equal(Text(position + 5, 1)[0], draft.Tokens[0]);
        }
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        for (int position = 215; ; position++)
        {
            if ((await client.StatsAsync()).Values["trainer_faults"] == faults) break;
            await ServingSidecar.DraftAsync(client, session, position, Text(position, 1));
            await Task.Delay(5, limit.Token);
        }
    }

    private static async Task EndAsync(Process process)
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    private static int[] Text(int from, int count) => [.. Enumerable.Range(from, count).Select(position => 10 + (position * 7 % 20))];
}
