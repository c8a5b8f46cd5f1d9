using Atlas.Conformance.Statistics;
using Atlas.Core.Sampling;

namespace Atlas.Core.Tests.Sampling;

public sealed class CounterRandomTests
{
    [Theory]
    [InlineData(CounterRandom.DraftStream)]
    [InlineData(CounterRandom.AcceptStream)]
    [InlineData(CounterRandom.RecoverStream)]
    public void Numbers_are_uniform(int stream)
    {
        var counts = new int[50];
        for (int position = 0; position < 100_000; position++)
        {
            double u = CounterRandom.Uniform(11, position, stream);
            Assert.InRange(u, 0, 1 - double.Epsilon);
            counts[(int)(u * counts.Length)]++;
        }
        ChiSquare.AssertFits(counts, Enumerable.Repeat(1.0 / counts.Length, counts.Length).ToArray());
    }

    [Theory]
    [InlineData(CounterRandom.DraftStream, CounterRandom.AcceptStream)]
    [InlineData(CounterRandom.AcceptStream, CounterRandom.RecoverStream)]
    [InlineData(CounterRandom.DraftStream, CounterRandom.RecoverStream)]
    public void Streams_are_independent_of_each_other(int a, int b)
    {
        const int side = 8;
        var counts = new int[side * side];
        for (int i = 0; i < 100_000; i++)
        {
            ulong seed = (ulong)(i / 100);
            int x = (int)(CounterRandom.Uniform(seed, i % 100, a) * side), y = (int)(CounterRandom.Uniform(seed, i % 100, b) * side);
            counts[x * side + y]++;
        }
        ChiSquare.AssertFits(counts, Enumerable.Repeat(1.0 / counts.Length, counts.Length).ToArray());
    }

    [Fact]
    public void A_number_is_a_pure_function_of_seed_position_and_stream()
    {
        Assert.Equal(CounterRandom.Uniform(1, 2, 3), CounterRandom.Uniform(1, 2, 3));
        var all = new HashSet<double>();
        for (ulong seed = 0; seed < 20; seed++)
            for (int position = 0; position < 20; position++)
                for (int stream = 1; stream <= 3; stream++)
                    Assert.True(all.Add(CounterRandom.Uniform(seed, position, stream)));
    }
}
