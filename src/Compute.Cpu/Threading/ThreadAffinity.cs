using System.Numerics;
using System.Runtime.InteropServices;

namespace Atlas.Compute.Cpu.Threading;

/// <summary>Ties the calling thread to a processor, on Linux; elsewhere, and where the system forbids it, nothing happens.</summary>
internal static unsafe partial class ThreadAffinity
{
    private const int Words = 16;

    /// <summary>
    /// Ties the calling thread to the <paramref name="index"/>-th of the processors it may run on, counted round. Returns whether it is tied.
    /// </summary>
    public static bool Pin(int index)
    {
        if (!OperatingSystem.IsLinux()) return false;
        ulong* mask = stackalloc ulong[Words];
        try
        {
            if (GetAffinity(0, Words * sizeof(ulong), mask) != 0) return false;
            int allowed = Count(mask);
            if (allowed == 0) return false;
            Keep(mask, index % allowed);
            return SetAffinity(0, Words * sizeof(ulong), mask) == 0;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }
    }

    /// <summary>Number of processors that the calling thread may run on; 0 where it cannot be told.</summary>
    public static int Allowed()
    {
        if (!OperatingSystem.IsLinux()) return 0;
        ulong* mask = stackalloc ulong[Words];
        return GetAffinity(0, Words * sizeof(ulong), mask) == 0 ? Count(mask) : 0;
    }

    private static int Count(ulong* mask)
    {
        int count = 0;
        for (int i = 0; i < Words; i++) count += BitOperations.PopCount(mask[i]);
        return count;
    }

    // Clears all bits but the index-th set one.
    private static void Keep(ulong* mask, int index)
    {
        for (int bit = 0; bit < Words * 64; bit++)
        {
            ulong flag = 1UL << (bit & 63);
            if ((mask[bit >> 6] & flag) != 0 && index-- != 0) mask[bit >> 6] &= ~flag;
        }
    }

    // The C library's wrappers return 0; a process id of 0 names the calling thread.
    [LibraryImport("libc", EntryPoint = "sched_getaffinity")]
    private static partial int GetAffinity(int process, nuint bytes, ulong* mask);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    private static partial int SetAffinity(int process, nuint bytes, ulong* mask);
}
