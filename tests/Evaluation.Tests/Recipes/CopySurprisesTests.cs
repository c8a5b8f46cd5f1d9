using Atlas.Evaluation.Recipes;

namespace Atlas.Evaluation.Tests.Recipes;

public sealed class CopySurprisesTests
{
    [Fact]
    public void The_edit_weighs_more_and_the_copy_does_not()
    {
        // a b c d e; then again with x for c: what follows x has no match, what follows that is copied.
        int[] tokens = [1, 2, 3, 4, 5, 6, 1, 2, 9, 4, 5, 6];
        Assert.Equal([1, 1, 1, 1, 1, 1, 1, 1, 3, 1, 1, 1], Weighed(tokens, 0));
    }

    [Fact]
    public void The_longest_match_decides_and_of_equal_ones_the_latest()
    {
        Assert.Equal([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 3], Weighed([1, 2, 3, 4, 0, 7, 2, 3, 5, 1, 2, 3, 5], 9));
        Assert.Equal([1, 1, 1, 1, 1, 1, 1, 1, 1, 1], Weighed([2, 3, 4, 0, 2, 3, 5, 2, 3, 5], 7));
    }

    [Fact]
    public void Nothing_before_the_first_token_asked_for_is_weighed()
    {
        int[] tokens = [1, 2, 3, 1, 2, 4, 1, 2, 5];
        Assert.Equal([1, 1, 1, 1, 1, 3, 1, 1, 3], Weighed(tokens, 0));
        Assert.Equal([1, 1, 1, 1, 1, 1, 1, 1, 3], Weighed(tokens, 6));
        Assert.Equal([1], Weighed([8], 0));
        Assert.Empty(Weighed([], 0));
    }

    private static float[] Weighed(int[] tokens, int from)
    {
        var weights = new float[tokens.Length];
        Array.Fill(weights, 1f);
        CopySurprises.Weigh(tokens, weights, from, 3f);
        return weights;
    }
}
