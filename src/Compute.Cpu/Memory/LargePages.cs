using System.Runtime.InteropServices;

namespace Atlas.Compute.Cpu.Memory;

/// <summary>
/// Large pages for memory that is streamed: fewer address translations, and the processor's prefetchers, which stop at page ends, run on.
/// Worth three to four percent of a decode step (docs/kernels.md). A hint: where the system has none of it, nothing happens.
/// </summary>
internal static unsafe partial class LargePages
{
    /// <summary>Bytes and alignment of a large page.</summary>
    public const nuint Size = 2 << 20;

    // Linux, madvise(2).
    private const int MadviseHugePage = 14;

    /// <summary>Asks for large pages in a range that begins at a multiple of <see cref="Size"/> and has not been written.</summary>
    public static void Advise(void* start, nuint bytes)
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            _ = Madvise(start, bytes & ~(Size - 1), MadviseHugePage);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            // A system whose C library has another name keeps its ordinary pages.
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Madvise(void* start, nuint bytes, int advice);
}
