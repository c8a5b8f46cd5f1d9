using Atlas.Client;
using Atlas.Host.Tests.Running;
using Atlas.Protocol.Messages;
using Atlas.Protocol.Rpc;
using Atlas.Speculator.Adaptive.Suffix;
using Atlas.Trainer.Online;

namespace Atlas.Host.Tests.Serve;

/// <summary>
/// A sidecar that is killed while it learns and writes checkpoints, again and again over the same directory: it always starts, finds nothing
/// damaged, and knows what a checkpoint was answered for. <see cref="Campaign"/> says how often.
/// </summary>
public sealed class KillCampaignTests
{
    private const int Kills = 200;
    private const int Length = 400;
    private const int Piece = 20;

    [UnixFact]
    [Trait("Speed", "slow")]
    public async Task Killed_at_any_moment_it_comes_back_with_what_was_saved()
    {
        using var scratch = new Scratch();
        var random = new Random(Campaign.Seed);
        // By namespace: of the texts taught, how many a checkpoint was answered for.
        var saved = new Dictionary<string, int>(StringComparer.Ordinal);
        int answered = 0;
        for (int round = 0; round < Campaign.Of(Kills); round++)
        {
            string socket = scratch.At($"{round}.sock");
            using var process = AtlasProgram.Start(
                ["serve", "--sidecar", "--vocabulary", $"{ServingSidecar.Vocabulary}", "--fingerprint", "test", "--listen", socket, "--checkpoints", scratch.At("state")]);
            Assert.Equal($"atlas serves on unix:{socket}", await process.StandardOutput.ReadLineAsync());
            await using var client = await AtlasClient.ConnectAsync(RpcEndpoint.Unix(socket), new AtlasClientOptions { Reconnect = ReconnectPolicy.Never });
            Assert.Equal(0, (await client.StatsAsync()).Values["trainer_faults"]);
            string mine = $"tenant-{round % 4}";
            // After so many whole rounds of learning and saving, somewhere in the next ones. Time alone would mean other moments on another machine.
            using var death = new Timer(_ => process.Kill());
            var (whole, after) = (random.Next(3), TimeSpan.FromMilliseconds(random.Next(400)));
            answered += await ServeAsync(client, mine, saved, done =>
            {
                if (done == whole) death.Change(after, Timeout.InfiniteTimeSpan);
            });
            await process.WaitForExitAsync();
            Assert.Equal("", await process.StandardError.ReadToEndAsync());
            AssertSaved(scratch.At("state"), saved);
        }
        Assert.True(answered > 0);
        AssertWhole(scratch.At("state"), saved.Keys);
    }

    // Teaches and saves until the other end dies, and tells before each time how often it has; returns how many checkpoints were answered.
    private static async Task<int> ServeAsync(AtlasClient client, string name, Dictionary<string, int> saved, Action<int> beginning)
    {
        int answered = 0;
        try
        {
            for (int texts = saved.GetValueOrDefault(name); ; texts++)
            {
                beginning(answered);
                await TeachAsync(client, name, Text(name, texts));
                await DraftAsync(client);
                await client.CheckpointAsync();
                saved[name] = texts + 1;
                answered++;
            }
        }
        catch (Exception e) when (e is RpcClosedException or IOException or System.Net.Sockets.SocketException)
        {
            // It is dead.
            return answered;
        }
    }

    // Without drafts: what is random would teach the controller to ask nobody.
    private static async Task TeachAsync(AtlasClient client, string name, int[] text)
    {
        await client.OpenAsync(ServingSidecar.Open(1, text[..Piece], name));
        for (int position = Piece; position < Length; position += Piece)
        {
            var update = new SequenceUpdate { Session = 1, Base = position };
            update.Tokens.Add(text.AsSpan(position, Piece));
            await client.CommitAsync(update);
        }
        await client.CloseAsync(new CloseParams { Session = 1 });
    }

    private static async Task DraftAsync(AtlasClient client)
    {
        await client.OpenAsync(ServingSidecar.Open(2, [10, 17], "drafted"));
        for (int position = 2; position < 60; position++) await ServingSidecar.DraftAsync(client, 2, position, [10 + (position * 7 % 20)]);
        await client.CloseAsync(new CloseParams { Session = 2 });
    }

    // What a restart would take up holds every text that a checkpoint was answered for.
    private static void AssertSaved(string directory, Dictionary<string, int> saved)
    {
        foreach (var checkpoint in new MemoryCheckpoints(directory, $"test/{ServingSidecar.Vocabulary}", 3).Newest())
        {
            if (!saved.TryGetValue(checkpoint.Namespace, out int texts)) continue;
            var suffix = new SuffixSpeculator(new SuffixOptions { VocabularySize = ServingSidecar.Vocabulary });
            using (var file = File.OpenRead(checkpoint.Find("suffix.bin")!)) suffix.Load(checkpoint.Namespace, file);
            var store = suffix.Store(checkpoint.Namespace)!;
            Assert.Null(store.CheckIntegrity());
            Assert.True(store.Stored >= texts * (Length - 1), $"{checkpoint.Namespace}: {store.Stored} tokens of {texts} texts");
        }
    }

    // Every namespace has a newest checkpoint whose hashes hold, and no more than are kept.
    private static void AssertWhole(string directory, IEnumerable<string> names)
    {
        var newest = new MemoryCheckpoints(directory, $"test/{ServingSidecar.Vocabulary}", 3).Newest();
        foreach (string name in names) Assert.Contains(newest, checkpoint => checkpoint.Namespace == name);
        foreach (string folder in Directory.EnumerateDirectories(directory))
            Assert.InRange(Directory.EnumerateDirectories(folder, "memory-*").Count(), 1, 4);
    }

    // Random, and the same every time.
    private static int[] Text(string name, int index)
    {
        var random = new Random((name[^1] * 1009) + index);
        return [.. Enumerable.Range(0, Length).Select(_ => random.Next(ServingSidecar.Vocabulary))];
    }
}
