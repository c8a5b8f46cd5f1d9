using Atlas.Evaluation.Scoring;

namespace Atlas.Evaluation.Tests.Scoring;

public sealed class RepetitionTests
{
    [Theory]
    [InlineData(new int[0], 2, 1, false)]
    [InlineData(new[] { 1, 2, 3 }, 3, 1, true)]
    [InlineData(new[] { 1, 2, 3 }, 4, 1, false)]
    [InlineData(new[] { 1, 2, 9, 1, 2, 8, 1, 2 }, 2, 3, true)]
    [InlineData(new[] { 1, 2, 9, 1, 2, 8, 1, 2 }, 2, 4, false)]
    [InlineData(new[] { 5, 5, 5, 5, 5 }, 2, 4, true)]
    [InlineData(new[] { 65536, 1, 1, 65536 }, 1, 3, false)]
    public void A_run_of_tokens_is_counted_wherever_it_stands(int[] tokens, int length, int times, bool occurs) =>
        Assert.Equal(occurs, Repetition.Occurs(tokens, length, times));

    [Fact]
    public void It_agrees_with_counting_by_hand()
    {
        var random = new Random(3);
        for (int i = 0; i < 500; i++)
        {
            int[] tokens = [.. Enumerable.Range(0, random.Next(40)).Select(_ => random.Next(3))];
            int length = random.Next(1, 5), times = random.Next(1, 6);
            var runs = Enumerable.Range(0, Math.Max(0, tokens.Length - length + 1)).Select(s => string.Join(',', tokens.Skip(s).Take(length)));
            Assert.Equal(runs.GroupBy(run => run).Any(group => group.Count() >= times), Repetition.Occurs(tokens, length, times));
        }
    }
}
