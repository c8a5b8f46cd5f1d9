using System.Globalization;
using Atlas.Evaluation.Workloads;

namespace Atlas.Evaluation.Rewards;

/// <summary>
/// Arithmetic whose answer must stand on the last line, a prefix and a whole number (<c>Answer: 843</c>, <c>=843</c>) and nothing else: the
/// format alone earns <see cref="FormatCredit"/>, the right number the rest.
/// </summary>
/// <param name="prefix">What stands before the number.</param>
public sealed class AnswerLineReward(string prefix) : IReward
{
    /// <summary>What a wrong number in the right format earns.</summary>
    public const double FormatCredit = 0.2;

    /// <inheritdoc/>
    public double Score(WorkloadItem item, string completion)
    {
        var line = LastLine(completion);
        if (line.SequenceEqual(LastLine(item.Completion))) return 1;
        bool formatted = line.StartsWith(prefix, StringComparison.Ordinal)
            && long.TryParse(line[prefix.Length..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);
        return formatted ? FormatCredit : 0;
    }

    private static ReadOnlySpan<char> LastLine(string text)
    {
        var trimmed = text.AsSpan().Trim();
        return trimmed[(trimmed.LastIndexOf('\n') + 1)..];
    }
}
