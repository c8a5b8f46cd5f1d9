using Atlas.Core.Sampling;
using TorchSharp;

namespace Atlas.Compute.Torch.Tests.Internals;

/// <summary>The best tokens where scores tie, against a plain sort.</summary>
public sealed class RankingTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(50)]
    [InlineData(4000)]
    public void Ties_go_to_the_lowest_id(int k)
    {
        const int Rows = 3, Vocabulary = 4000;
        var random = new Random(k);
        float[] levels = [0f, -0f, 1f, MathF.BitIncrement(1f), -1f, -MathF.BitIncrement(1f), 1e-42f, -1e-42f, 3e38f, -3e38f, 17.25f];
        var scores = Enumerable.Range(0, Rows * Vocabulary).Select(_ => levels[random.Next(levels.Length)]).ToArray();
        using var engine = TorchUnderTest.Create();
        using var scope = torch.NewDisposeScope();
        var matrix = torch.tensor(scores, [Rows, Vocabulary]).to(torch.device(TorchUnderTest.Options.Device));
        var best = new SampledToken[Rows * k];
        Ranking.Best(matrix, matrix, new TokenColumns(Vocabulary), k, best);
        for (int row = 0; row < Rows; row++)
        {
            var own = scores.AsSpan(row * Vocabulary, Vocabulary).ToArray();
            var expected = Enumerable.Range(0, Vocabulary).OrderByDescending(i => own[i]).ThenBy(i => i).Take(k);
            Assert.Equal(expected, best.Skip(row * k).Take(k).Select(t => t.Token));
        }
    }

    [Fact]
    public void Where_fewer_remain_the_rest_has_no_token()
    {
        using var engine = TorchUnderTest.Create();
        using var scope = torch.NewDisposeScope();
        float none = float.NegativeInfinity;
        var matrix = torch.tensor([none, 2f, float.NaN, 2f, none, -5f], [1, 6]).to(torch.device(TorchUnderTest.Options.Device));
        var best = new SampledToken[5];
        Ranking.Best(torch.zeros_like(matrix), matrix, new TokenColumns(6), 5, best);
        Assert.Equal([1, 3, 5, -1, -1], best.Select(t => t.Token));
        Assert.Equal(-MathF.Log(6), best[2].LogProb, 1e-6f);
    }
}
