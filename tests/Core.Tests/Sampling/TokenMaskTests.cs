using Atlas.Core.Sampling;

namespace Atlas.Core.Tests.Sampling;

public sealed class TokenMaskTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(200)]
    public void A_mask_equals_a_set(int vocabulary)
    {
        var random = new Random(vocabulary);
        var mask = new TokenMask(vocabulary);
        var expected = new HashSet<int>();
        for (int i = 0; i < 500; i++)
        {
            int token = random.Next(vocabulary);
            if (random.Next(3) > 0)
            {
                mask.Allow(token);
                expected.Add(token);
            }
            else
            {
                mask.Forbid(token);
                expected.Remove(token);
            }
            Assert.Equal(expected.Count, mask.Count);
        }
        for (int token = -70; token < vocabulary + 70; token++) Assert.Equal(expected.Contains(token), mask.Allows(token));
        Assert.Equal((vocabulary + 63) / 64, mask.Words.Length);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(10)]
    public void Ids_outside_the_vocabulary_are_refused(int token)
    {
        var mask = new TokenMask(10);
        Assert.Throws<ArgumentOutOfRangeException>(() => mask.Allow(token));
        Assert.Throws<ArgumentOutOfRangeException>(() => mask.Forbid(token));
        Assert.False(mask.Allows(token));
    }
}
