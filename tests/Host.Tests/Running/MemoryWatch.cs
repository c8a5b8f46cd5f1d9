using System.Globalization;

namespace Atlas.Host.Tests.Running;

/// <summary>Readings of a process's memory over time, and whether it has come to rest.</summary>
internal sealed class MemoryWatch
{
    private readonly List<(double Heap, double Resident)> _readings = [];

    /// <summary>Adds a reading, in bytes; they are to come at equal intervals.</summary>
    public void Add(double heap, double resident) => _readings.Add((heap, resident));

    /// <summary>
    /// Fails where memory has grown from the second third of the readings to the last: what the heap holds after collections, which is its least, or
    /// the most that the process took. The first third fills caches and stores.
    /// </summary>
    /// <param name="most">What either may have become to what it was, beside a few MiB.</param>
    public void AssertFlat(double most)
    {
        int third = _readings.Count / 3;
        Assert.True(third >= 10, $"{_readings.Count} readings say nothing");
        var (before, after) = (_readings[third..(2 * third)], _readings[(2 * third)..]);
        Assert.True(after.Min(one => one.Heap) <= (most * before.Min(one => one.Heap)) + (8 << 20), ToString());
        Assert.True(after.Max(one => one.Resident) <= (most * before.Max(one => one.Resident)) + (16 << 20), ToString());
    }

    /// <summary>The least of the heap and the most of the process, in MiB, by twelfths.</summary>
    public override string ToString()
    {
        var parts = _readings.Chunk(Math.Max(1, (_readings.Count + 11) / 12));
        return "heap " + string.Join(' ', parts.Select(part => Mebibytes(part.Min(one => one.Heap)))) + "; process " + string.Join(' ', parts.Select(part => Mebibytes(part.Max(one => one.Resident))));
    }

    private static string Mebibytes(double bytes) => (bytes / (1 << 20)).ToString("F1", CultureInfo.InvariantCulture);
}
