using Atlas.Controller;
using Atlas.Core.Drafting;
using Atlas.Host.CommandLine;
using Atlas.Host.Speculation;

namespace Atlas.Host.Tests.Speculation;

/// <summary>What each strategy is composed of.</summary>
public sealed class StackPartsTests
{
    [Theory]
    [InlineData("none", false, false, false, false, false, false)]
    [InlineData("static", true, false, false, false, false, false)]
    [InlineData("suffix", false, true, false, false, false, true)]
    [InlineData("recall", false, false, true, false, false, true)]
    [InlineData("learned", false, false, false, true, true, true)]
    [InlineData("merged", true, true, true, true, true, false)]
    [InlineData("auto", true, true, true, true, false, true)]
    public void Parts_of(string strategy, bool @static, bool suffix, bool recall, bool learned, bool learnedText, bool adaptive) =>
        Assert.Equal(new StackParts(@static, suffix, recall, learned, learnedText, adaptive), StackParts.Of(strategy, hasDraft: true, hasHeads: true));

    [Fact]
    public void Auto_does_with_what_there_is() =>
        Assert.Equal(new StackParts(false, true, true, false, true, true), StackParts.Of("auto", hasDraft: false, hasHeads: false));

    [Fact]
    public void A_strategy_without_what_it_needs_is_refused_or_does_without()
    {
        Assert.Contains("--draft", Assert.Throws<UsageException>(() => StackParts.Of("static", false, true)).Message, StringComparison.Ordinal);
        // An engine that trains no heads on hidden states leaves those on the text.
        Assert.Equal(["learned-text"], StackParts.Of("learned", true, false).Speculators);
    }

    [Fact]
    public void Bounds_that_were_asked_for_narrow_a_profile_and_zeros_do_not()
    {
        var profile = new SpeculatorProfile("x") { MaxDepth = 8, MaxNodes = 12, Branches = 2 };
        Assert.Equal(profile, SpeculatorProfiles.Within(profile, default));
        var narrow = SpeculatorProfiles.Within(profile, new DraftBudget(5, 3, 1));
        Assert.Equal((3, 3, 1), (narrow.MaxDepth, narrow.MaxNodes, narrow.Branches));
        Assert.Equal(12, SpeculatorProfiles.Within(profile, new DraftBudget(14, 0, 0)).MaxDepth);
    }
}
