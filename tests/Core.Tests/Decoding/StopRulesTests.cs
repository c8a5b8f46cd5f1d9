using Atlas.Core.Decoding;

namespace Atlas.Core.Tests.Decoding;

public sealed class StopRulesTests
{
    [Fact]
    public void An_end_token_comes_before_the_limit_and_is_not_shown_to_the_matcher()
    {
        var matcher = new CountingMatcher(stopAt: 1);
        var rules = new StopRules(5, [7, 8], matcher);
        Assert.Equal(FinishReason.EndToken, rules.Check(8, 0));
        Assert.Equal(0, matcher.Pushed);
    }

    [Fact]
    public void A_stop_string_comes_before_the_limit()
    {
        var rules = new StopRules(5, [], new CountingMatcher(stopAt: 2));
        Assert.Null(rules.Check(1, 3));
        Assert.Equal(FinishReason.StopString, rules.Check(1, 0));
    }

    [Fact]
    public void The_limit_ends_a_sequence_with_its_last_token()
    {
        var rules = new StopRules(5, [7]);
        Assert.Null(rules.Check(1, 1));
        Assert.Equal(FinishReason.Length, rules.Check(1, 0));
    }
}
