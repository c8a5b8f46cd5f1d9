using System.Globalization;

namespace Atlas.Modeling.Engine;

/// <summary>Memory of this machine: what engines that compute on its processors have to go by.</summary>
public static class HostMemory
{
    private const string Report = "/proc/meminfo";
    private const string Available = "MemAvailable:";

    /// <summary>
    /// Bytes that can be taken without swapping: the system's own estimate on Linux, what the runtime knows elsewhere, and never more than a
    /// container's limit leaves.
    /// </summary>
    public static long ReadFree()
    {
        var memory = GC.GetGCMemoryInfo();
        long limit = memory.TotalAvailableMemoryBytes;
        return File.Exists(Report) ? Math.Min(limit, ReadReport() ?? limit) : Math.Max(0, limit - memory.MemoryLoadBytes);
    }

    private static long? ReadReport()
    {
        foreach (string line in File.ReadLines(Report))
            if (line.StartsWith(Available, StringComparison.Ordinal)
                && long.TryParse(line.AsSpan(Available.Length).Trim().TrimEnd("kB").Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out long kilobytes))
                return kilobytes * 1024;
        return null;
    }
}
