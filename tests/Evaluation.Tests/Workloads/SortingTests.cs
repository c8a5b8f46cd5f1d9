using System.Globalization;
using System.Text.RegularExpressions;
using Atlas.Evaluation.Workloads;

namespace Atlas.Evaluation.Tests.Workloads;

public sealed class SortingTests
{
    [Fact]
    public void Lists_hold_the_same_numbers_in_the_order_asked()
    {
        foreach (WorkloadItem item in WorkloadItems.Of("sorting", 3_000))
        {
            int[] given = Numbers(item.Prompt), sorted = Numbers(item.Completion);
            Assert.InRange(given.Length, 4, 9);
            bool rising = Regex.IsMatch(item.Prompt, "smallest first|ascending|low to high|smallest to largest|upwards");
            Assert.NotEqual(rising, Regex.IsMatch(item.Prompt, "largest first|descending|high to low|largest to smallest|downwards"));
            Assert.Equal(rising ? given.Order() : given.OrderDescending(), sorted);
        }
    }

    private static int[] Numbers(string text) =>
        [.. Regex.Matches(text, @"\d+").Select(number => int.Parse(number.Value, CultureInfo.InvariantCulture))];
}
