using System.Runtime.InteropServices;

namespace Atlas.Compute.Cpu.Memory;

/// <summary>
/// Native memory of which large blocks go back to the system as soon as they are freed. GNU's C library maps a large block by itself, but raises its
/// notion of large with each one that is freed (mallopt(3), M_MMAP_THRESHOLD); heads of some MiB that come and go would then lie among smaller
/// blocks and keep hundreds of MiB resident that nobody uses.
/// </summary>
internal static unsafe partial class LargeBlocks
{
    // From malloc.h.
    private const int MmapThreshold = -3;
    private const int LeastBytes = 1 << 20;

    static LargeBlocks()
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            // Setting it also ends its rising.
            _ = Mallopt(MmapThreshold, LeastBytes);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            // Another C library, which has a way of its own.
        }
    }

    /// <summary>As <see cref="NativeMemory.AlignedAlloc"/>; to be freed by <see cref="NativeMemory.AlignedFree"/>.</summary>
    public static void* Allocate(nuint bytes, nuint alignment) => NativeMemory.AlignedAlloc(bytes, alignment);

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int Mallopt(int parameter, int value);
}
