using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Atlas.Host.Tests.Running;

/// <summary>Signals to a process, sent at once: a program that is started to send one comes too late for what takes a second.</summary>
internal static partial class ProcessSignal
{
    /// <summary>As Ctrl+C does.</summary>
    public static void Interrupt(Process process) => Send(process, 2);

    /// <summary>As a service manager does.</summary>
    public static void Terminate(Process process) => Send(process, 15);

    private static void Send(Process process, int signal)
    {
        if (Kill(process.Id, signal) != 0) throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
