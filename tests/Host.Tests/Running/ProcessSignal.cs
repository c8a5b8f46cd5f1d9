using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Atlas.Host.Tests.Running;

/// <summary>Signals to a process, sent at once: a program that is started to send one comes too late for what takes a second.</summary>
internal static partial class ProcessSignal
{
    private const int SigTerm = 15;

    /// <summary>
    /// As a service manager does. Programs end by it as by Ctrl+C, but a process that a script has started in its background ignores that one, and so do its
    /// children.
    /// </summary>
    public static void Terminate(Process process)
    {
        if (Kill(process.Id, SigTerm) != 0) throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
