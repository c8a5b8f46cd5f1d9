using System.Net.Sockets;
using System.Text;
using Atlas.Host.Service.Sidecar;
using Atlas.Host.Service.Supervision;
using Atlas.Host.Tests.Running;

namespace Atlas.Host.Tests.Serve;

/// <summary>What systemd hears of the service over the socket that it gives.</summary>
public sealed class SystemdTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [UnixFact]
    public async Task The_service_says_that_it_is_ready_that_it_is_well_and_that_it_ends()
    {
        using var scratch = new Scratch();
        using var systemd = Listen(scratch.At("notify"));
        using var process = AtlasProgram.Start(
            ["serve", "--sidecar", "--vocabulary", "50", "--listen", scratch.At("a.sock")],
            ("NOTIFY_SOCKET", scratch.At("notify")), ("WATCHDOG_USEC", "300000"));
        Assert.Equal($"READY=1\nSTATUS=serves on unix:{scratch.At("a.sock")}", await ReceiveAsync(systemd));
        Assert.True(File.Exists(scratch.At("a.sock")));
        for (int i = 0; i < 3; i++) Assert.Equal("WATCHDOG=1", await ReceiveAsync(systemd));
        ProcessSignal.Terminate(process);
        string said;
        do said = await ReceiveAsync(systemd);
        while (said == "WATCHDOG=1");
        Assert.Equal("STOPPING=1\nSTATUS=draining", said);
        await process.WaitForExitAsync();
        Assert.Equal((0, ""), (process.ExitCode, await process.StandardError.ReadToEndAsync()));
    }

    [UnixFact]
    public async Task It_is_only_well_when_the_probe_says_so()
    {
        using var scratch = new Scratch();
        using var systemd = Listen(scratch.At("notify"));
        int probes = 0;
        var enough = new TaskCompletionSource();
        var notifier = new SystemdNotifier(new SystemdSocket(scratch.At("notify"), TimeSpan.FromMilliseconds(30)), () => "here", Probe);
        await notifier.StartAsync(CancellationToken.None);
        await enough.Task.WaitAsync(Limit);
        await notifier.StopAsync(CancellationToken.None);
        await notifier.DisposeAsync();
        List<string> heard = [];
        do heard.Add(await ReceiveAsync(systemd));
        while (heard[^1][0] != 'S');
        Assert.Equal(["READY=1\nSTATUS=here", "WATCHDOG=1", "WATCHDOG=1", "STOPPING=1\nSTATUS=draining"], heard);
        Assert.Equal(0, systemd.Available);

        // Well, not well, well, and then nothing comes back.
        async Task<bool> Probe(TimeSpan within)
        {
            if (++probes < 4) return probes != 2;
            enough.TrySetResult();
            await Task.Delay(Timeout.Infinite);
            return true;
        }
    }

    [Fact]
    public async Task Drafting_that_stands_still_is_not_alive()
    {
        using var engine = new SidecarEngine(ServingSidecar.Settings());
        Assert.True(await engine.IsAliveAsync(Limit));
        var (held, release) = (new TaskCompletionSource(), new ManualResetEventSlim());
        var holder = Task.Run(() =>
        {
            lock (engine.Gate)
            {
                held.SetResult();
                release.Wait();
            }
        });
        await held.Task;
        Assert.False(await engine.IsAliveAsync(TimeSpan.FromMilliseconds(20)));
        release.Set();
        await holder;
        Assert.True(await engine.IsAliveAsync(Limit));
    }

    [Fact]
    public void Only_the_process_that_is_meant_is_watched()
    {
        using var meant = SystemdSocket.From(Of("/run/notify", "2000000", "7"), 7);
        Assert.Equal(TimeSpan.FromSeconds(2), meant!.Watchdog);
        using var anybody = SystemdSocket.From(Of("@abstract", "2000000", null), 7);
        Assert.Equal(TimeSpan.FromSeconds(2), anybody!.Watchdog);
        using var other = SystemdSocket.From(Of("/run/notify", "2000000", "8"), 7);
        Assert.Null(other!.Watchdog);
        using var none = SystemdSocket.From(Of("/run/notify", null, null), 7);
        Assert.Null(none!.Watchdog);
        foreach (string? address in (string?[])[null, "", "/", "relative"]) Assert.Null(SystemdSocket.From(Of(address, "1", null), 7));
    }

    [UnixFact]
    public void Nobody_who_listens_is_no_fault()
    {
        using var scratch = new Scratch();
        using var socket = new SystemdSocket(scratch.At("nobody"), null);
        socket.Send("READY=1");
    }

    private static Func<string, string?> Of(string? address, string? microseconds, string? process) => name => name switch
    {
        "NOTIFY_SOCKET" => address,
        "WATCHDOG_USEC" => microseconds,
        "WATCHDOG_PID" => process,
        _ => throw new InvalidOperationException(name),
    };

    private static Socket Listen(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        return socket;
    }

    private static async Task<string> ReceiveAsync(Socket socket)
    {
        byte[] buffer = new byte[4096];
        using var limit = new CancellationTokenSource(Limit);
        return Encoding.UTF8.GetString(buffer, 0, await socket.ReceiveAsync(buffer, limit.Token));
    }
}
