using Atlas.Speculator.Adaptive.Learned;

namespace Atlas.Speculator.Adaptive.Tests.Learned;

public sealed class HotVocabularyCountsTests
{
    [Fact]
    public void Selection_is_that_of_faded_counts_by_definition()
    {
        for (int round = 0; round < 50; round++)
        {
            var random = new Random(round);
            int vocabulary = random.Next(2, 60);
            double halfLife = Math.Pow(10, random.Next(0, 4));
            var counts = new HotVocabularyCounts(vocabulary, halfLife);
            var tokens = new int[random.Next(1, 3000)];
            for (int i = 0; i < tokens.Length; i++) counts.Add(tokens[i] = random.Next(random.Next(1, vocabulary)));
            var faded = new double[vocabulary];
            for (int i = 0; i < tokens.Length; i++) faded[tokens[i]] += Math.Pow(2, -(tokens.Length - i) / halfLife);
            var selected = new int[random.Next(1, vocabulary + 1)];
            int count = counts.Select(selected);
            Assert.Equal(Math.Min(selected.Length, tokens.Distinct().Count()), count);
            Assert.Equal(selected.Take(count).Order(), selected.Take(count));
            double least = selected.Take(count).Min(t => faded[t]);
            Assert.All(Enumerable.Range(0, vocabulary).Except(selected.Take(count)), t => Assert.True(faded[t] <= least * (1 + 1e-9)));
            Assert.Equal(faded[tokens[^1]], counts.Count(tokens[^1]), 1e-9 * tokens.Length);
        }
    }

    [Fact]
    public void It_follows_a_shift_of_the_traffic_however_long_it_has_counted()
    {
        var counts = new HotVocabularyCounts(100, 50);
        for (int i = 0; i < 100_000; i++) counts.Add(i % 10);
        for (int i = 0; i < 500; i++) counts.Add(50 + i % 10);
        var selected = new int[10];
        Assert.Equal(10, counts.Select(selected));
        Assert.Equal(Enumerable.Range(50, 10), selected);
    }
}
