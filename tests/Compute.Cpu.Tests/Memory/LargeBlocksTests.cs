using System.Runtime.InteropServices;
using Atlas.Compute.Cpu.Memory;

namespace Atlas.Compute.Cpu.Tests.Memory;

public sealed unsafe class LargeBlocksTests
{
    private const int Block = 5 << 20;

    /// <summary>What C's allocator does by itself: once a block of the kind has been freed, the next ones stay with it, pinned by what lies between.</summary>
    [Fact]
    public void What_is_freed_goes_back_to_the_system()
    {
        if (!OperatingSystem.IsLinux()) return;
        new AlignedBuffer<byte>(Block).Dispose();
        const int count = 32;
        var blocks = new AlignedBuffer<byte>[count];
        nint[] between = new nint[count];
        for (int i = 0; i < count; i++)
        {
            blocks[i] = new AlignedBuffer<byte>(Block);
            blocks[i].Span(0, Block).Fill(1);
            between[i] = (nint)NativeMemory.Alloc(1000);
        }
        long held = Resident();
        foreach (var block in blocks) block.Dispose();
        long left = Resident();
        foreach (nint one in between) NativeMemory.Free((void*)one);
        Assert.True(held - left > count * (long)Block * 3 / 4, $"{held >> 20} MiB, then {left >> 20}");
    }

    private static long Resident()
    {
        string line = File.ReadLines("/proc/self/status").Single(one => one.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2].Split('\t')[^1], System.Globalization.CultureInfo.InvariantCulture) << 10;
    }
}
