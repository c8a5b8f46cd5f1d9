using System.Collections.Concurrent;
using System.Diagnostics;

namespace Atlas.Host.Tests.Running;

/// <summary>
/// A process that does not outlive whoever started it: it is killed, with what it started itself, when it is disposed, and at the latest when these tests end.
/// So a test whose assertion fails leaves nothing behind.
/// </summary>
internal sealed class OwnedProcess : Process
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private static readonly ConcurrentDictionary<OwnedProcess, bool> Running = new();

    static OwnedProcess() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        foreach (var process in Running.Keys) process.Dispose();
    };

    private OwnedProcess()
    {
    }

    /// <summary>Starts it.</summary>
    public static new OwnedProcess Start(ProcessStartInfo start)
    {
        var process = new OwnedProcess { StartInfo = start };
        if (!process.Start()) throw new InvalidOperationException($"{start.FileName} did not start");
        Running.TryAdd(process, true);
        return process;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && Running.TryRemove(this, out _)) End();
        base.Dispose(disposing);
    }

    private void End()
    {
        try
        {
            if (HasExited) return;
            Kill(entireProcessTree: true);
            WaitForExit(Limit);
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception or AggregateException)
        {
            // It has just ended by itself.
        }
    }
}
