using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Atlas.Compute.Cpu.Kernels;

/// <summary>A hint that a cache line will be read. Any address is allowed; where the runtime has no such instruction nothing happens.</summary>
internal static unsafe class Prefetch
{
    /// <summary>Into all cache levels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ToFirstLevel(byte* address)
    {
        if (Sse.IsSupported) Sse.Prefetch0(address);
    }
}
