using System.Runtime.InteropServices;

namespace Atlas.Evaluation.Scoring;

/// <summary>Tells a completion that goes round in circles.</summary>
public static class Repetition
{
    /// <summary>Whether some run of <paramref name="length"/> tokens occurs at least <paramref name="times"/> times, overlaps counted.</summary>
    public static bool Occurs(ReadOnlySpan<int> tokens, int length, int times)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(times, 1);
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int start = 0; start + length <= tokens.Length; start++)
        {
            // The tokens' bytes as characters: a key that compares by value.
            string key = new(MemoryMarshal.Cast<int, char>(tokens.Slice(start, length)));
            int count = counts.GetValueOrDefault(key) + 1;
            if (count >= times) return true;
            counts[key] = count;
        }
        return false;
    }
}
