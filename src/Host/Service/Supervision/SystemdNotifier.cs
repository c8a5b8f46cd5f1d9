using Microsoft.Extensions.Hosting;

namespace Atlas.Host.Service.Supervision;

/// <summary>
/// Tells systemd that the service is ready, that it is well, and that it ends. It starts behind all else, so that <c>READY=1</c> means that
/// requests are taken, and ends before all else. It is well while its work goes on: where the probe does not come back, nothing is sent, and
/// systemd's watchdog ends the service.
/// </summary>
/// <param name="socket">Where to; it is disposed here.</param>
/// <param name="status">What <c>systemctl status</c> shows, once started.</param>
/// <param name="probe">Comes back, with true, where work goes on; takes the time that it has.</param>
internal sealed class SystemdNotifier(SystemdSocket socket, Func<string> status, Func<TimeSpan, Task<bool>> probe) : IHostedService, IAsyncDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private Task _watching = Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        socket.Send($"READY=1\nSTATUS={status()}");
        if (socket.Watchdog is { } time) _watching = WatchAsync(time);
        return Task.CompletedTask;
    }

    /// <summary>Says that the service ends; its watchdog is still heard of until all has ended.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        socket.Send("STOPPING=1\nSTATUS=draining");
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_ending.IsCancellationRequested) return;
        await _ending.CancelAsync().ConfigureAwait(false);
        await _watching.ConfigureAwait(false);
        _ending.Dispose();
        socket.Dispose();
    }

    // Three times within the watchdog's time: one that comes late does no harm.
    private async Task WatchAsync(TimeSpan time)
    {
        var period = time / 3;
        using var timer = new PeriodicTimer(period);
        try
        {
            do
            {
                if (await probe(period).WaitAsync(_ending.Token).ConfigureAwait(false)) socket.Send("WATCHDOG=1");
            }
            while (await timer.WaitForNextTickAsync(_ending.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // It ends.
        }
    }
}
