using System.Globalization;
using Atlas.Evaluation.Workloads;

namespace Atlas.Evaluation.Rewards;

/// <summary>
/// Numbers to be listed in order, <c>12, 40, 77</c>: a list of whole numbers earns <see cref="FormatCredit"/>, having the task's numbers up to
/// <see cref="MembersCredit"/> more, having them in the right places up to <see cref="OrderCredit"/>, being right the rest.
/// </summary>
public sealed class SortingReward : IReward
{
    /// <summary>What a list of numbers earns.</summary>
    public const double FormatCredit = 0.1;

    /// <summary>What the task's numbers, and no others, earn in any order.</summary>
    public const double MembersCredit = 0.3;

    /// <summary>What is earned where every number stands in its place.</summary>
    public const double OrderCredit = 0.3;

    /// <inheritdoc/>
    public double Score(WorkloadItem item, string completion)
    {
        if (item.Accepts(completion)) return 1;
        if (Numbers(completion) is not { } given) return 0;
        var expected = Numbers(item.Completion)!;
        double longest = Math.Max(given.Count, expected.Count);
        int places = given.Zip(expected).Count(pair => pair.First == pair.Second);
        return FormatCredit + MembersCredit * Common(given, expected) / longest + OrderCredit * places / longest;
    }

    // Members of both lists, each as often as both have it.
    private static int Common(List<int> given, List<int> expected)
    {
        var left = expected.CountBy(number => number).ToDictionary();
        int common = 0;
        foreach (int number in given)
        {
            if (left.GetValueOrDefault(number) == 0) continue;
            left[number]--;
            common++;
        }
        return common;
    }

    private static List<int>? Numbers(string text)
    {
        List<int> numbers = [];
        foreach (string part in text.Trim().Split(", "))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int number)) return null;
            numbers.Add(number);
        }
        return numbers;
    }
}
