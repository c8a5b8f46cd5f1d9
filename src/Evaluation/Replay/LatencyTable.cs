using System.Globalization;
using Atlas.Controller.Latency;

namespace Atlas.Evaluation.Replay;

/// <summary>A target's latency as one writes it down: <c>rows:ms,rows:ms,...</c>, rising from one row.</summary>
public static class LatencyTable
{
    /// <summary>The forward that docs/controller.md takes for its simulations.</summary>
    public const string Default = "1:1.6,2:1.65,4:1.9,5:2.1,8:2.8,16:5";

    /// <summary>Writes a table that <see cref="Parse"/> reads, in microseconds' resolution.</summary>
    /// <param name="points">Rows and seconds, rising from one row.</param>
    public static string Write(IEnumerable<(int Rows, double Seconds)> points) =>
        string.Join(',', points.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Rows}:{p.Seconds * 1000:0.000###}")));

    /// <summary>Reads a table.</summary>
    /// <exception cref="FormatException">It is none; the message says what was expected.</exception>
    public static LatencyProfile Parse(string text)
    {
        var points = new List<(int Rows, double Seconds)>();
        foreach (string entry in text.Split(','))
        {
            string[] parts = entry.Split(':');
            if (parts.Length != 2
                || !int.TryParse(parts[0].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int rows)
                || !double.TryParse(parts[1].Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double ms)
                || !(ms > 0 && double.IsFinite(ms)))
                throw new FormatException($"'{entry}' is no entry of a latency table; expected rows:ms with positive numbers, such as 4:1.9");
            if (rows != 1 && points.Count == 0 || points.Count > 0 && rows <= points[^1].Rows)
                throw new FormatException($"{rows} rows stand {(points.Count == 0 ? "first" : $"behind {points[^1].Rows}")}; expected rows that rise from 1");
            points.Add((rows, ms / 1000));
        }
        return points.Count >= 2 ? LatencyProfile.Of([.. points]) : throw new FormatException($"'{text}' has one entry; expected two or more, such as 1:1.6,8:2.8");
    }
}
