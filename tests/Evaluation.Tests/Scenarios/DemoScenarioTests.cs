using Atlas.Evaluation.Scenarios;

namespace Atlas.Evaluation.Tests.Scenarios;

/// <summary>Which domains the traffic shifts through.</summary>
public sealed class DemoScenarioTests
{
    private static readonly string[] Known = ["tools", "edits", "extraction", "sql", "arithmetic", "tools", "chat", "completion", "logs"];

    [Fact]
    public void It_leaves_a_domain_that_the_draft_knows_for_two_that_it_does_not_and_returns()
    {
        var scenario = DemoScenario.Choose(Known, ["edits", "tools", "extraction", "chat"]);
        Assert.Equal(["tools", "sql", "arithmetic", "tools"], scenario.Phases.Select(p => p.Domain));
        Assert.Equal([true, false, false, true], scenario.Phases.Select(p => p.SeenByDraft));
        Assert.Equal([false, true, true, false], scenario.Phases.Select(p => p.Shifted));
    }

    [Fact]
    public void Where_the_draft_knows_all_or_nothing_is_recorded_it_still_shifts()
    {
        Assert.Equal(["tools", "sql", "logs", "tools"], DemoScenario.Choose(["tools", "sql", "logs"], ["tools", "sql", "logs"]).Phases.Select(p => p.Domain));
        var unknown = DemoScenario.Choose(["sql", "logs", "tools"], null);
        Assert.Equal(["sql", "logs", "tools", "sql"], unknown.Phases.Select(p => p.Domain));
        Assert.All(unknown.Phases, p => Assert.Null(p.SeenByDraft));
    }

    [Fact]
    public void A_first_domain_is_one_that_the_draft_has_seen() =>
        Assert.Equal("chat", DemoScenario.Choose(Known, ["chat"]).Phases[0].Domain);

    [Fact]
    public void Too_few_or_unknown_domains_are_refused()
    {
        Assert.Contains("expected 3 or more", Assert.Throws<ArgumentException>(() => DemoScenario.Choose(["sql", "sql", "logs"], null)).Message, StringComparison.Ordinal);
        Assert.Contains("poems", Assert.Throws<ArgumentException>(() => DemoScenario.Of(["sql", "poems"], null)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => DemoScenario.Of(["sql"], null));
    }
}
