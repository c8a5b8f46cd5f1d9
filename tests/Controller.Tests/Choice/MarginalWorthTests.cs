using Atlas.Controller.Choice;
using Atlas.Controller.Rounds;
using Atlas.Controller.Tests.Simulation;
using Atlas.Controller.Traffic;
using Atlas.Core.Drafting;
using Xunit.Abstractions;

namespace Atlas.Controller.Tests.Choice;

/// <summary>Three speculators draft a token each, or none, in many steps of which each is judged.</summary>
public sealed class MarginalWorthTests(ITestOutputHelper output)
{
    private const int Right = 7;
    private const int Wrong = 9;
    private const int All = 0b111;

    private readonly MarginalWorth _worth = new(3);
    private readonly NamespaceState _learner = new("a", PlannerRig.Options(3), new(PlannerRig.Options(3)));

    [Fact]
    public void Of_those_that_say_the_same_the_cheapest_stays()
    {
        Steps(300, [0.05, 0.01, 0.03], (i, step) => step % 2 == 0);
        Assert.Equal(0b101, _worth.Redundant);
        Assert.True(_worth.Of(1) > 0.2);
    }

    [Fact]
    public void Who_says_something_else_stays_even_if_it_is_rarely_right()
    {
        Steps(300, [0.01, 0.01, 0.01], (i, step) => i < 2 ? step % 2 == 0 : step % 8 == 1);
        Assert.Equal(0, _worth.Redundant & 0b100);
        Assert.NotEqual(0, _worth.Redundant & 0b011);
        Assert.InRange(_worth.Of(2), 0.01, 0.1);
    }

    [Fact]
    public void Nobody_is_found_redundant_by_its_first_drafts()
    {
        Steps(15, [0.05, 0.05, 0.05], (_, _) => false);
        Assert.Equal(0, _worth.Redundant);
    }

    [Fact]
    public void One_always_stays_though_none_is_ever_right()
    {
        Steps(2000, [0.05, 0.05, 0.05], (_, _) => false);
        Assert.Equal(2, int.PopCount(_worth.Redundant));
    }

    [Fact]
    public void One_that_has_become_right_comes_back_and_the_one_it_replaces_goes()
    {
        Steps(300, [0.01, 0.02, 0.02], (i, step) => i == 0 && step % 2 == 0);
        Assert.Equal(0b110, _worth.Redundant);
        Steps(1500, [0.01, 0.02, 0.02], (i, step) => i == 1 && step % 2 == 0);
        Assert.Equal(0b101, _worth.Redundant);
    }

    [Fact]
    public void After_a_shift_everybody_is_heard_again()
    {
        Steps(300, [0.05, 0.01, 0.03], (_, step) => step % 2 == 0);
        _worth.Reconsider();
        Assert.Equal(0, _worth.Redundant);
        Assert.All(Enumerable.Range(0, 3), i => Assert.True(_worth.Of(i) > 0));
    }

    [Fact]
    public void Those_that_are_not_to_be_judged_stay_whatever_they_cost()
    {
        Steps(500, [0.5, 0.01, 0.5], (i, step) => i == 1 && step % 2 == 0, judged: 0b110);
        Assert.Equal(0b100, _worth.Redundant);
    }

    [Fact]
    public void Beside_those_that_are_not_judged_nobody_is_redundant()
    {
        // The first has to read a request before it can say what the second says of every one.
        Steps(500, [0.01, 0.05, 0.02], (i, step) => i < 2 && step % 2 == 0, judged: 0b110);
        Assert.Equal(0b100, _worth.Redundant);
        Assert.True(_worth.Of(1) > 0.1);
    }

    [Fact]
    public void A_loss_that_may_be_chance_is_none_and_a_small_one_that_never_varies_is_one()
    {
        // Both lose a hundredth of a step in the mean.
        Steps(150, [0.06, 0.01, 0], (i, step) => i == 0 ? step % 10 == 5 : i == 2 && step % 2 == 0);
        Assert.InRange(_worth.Of(0), -0.02, -0.002);
        Assert.InRange(_worth.Of(1), -0.02, -0.002);
        Assert.Equal(0b010, _worth.Redundant);
    }

    [Fact]
    public void What_another_load_has_found_holds_until_the_own_drafts_say_otherwise()
    {
        Steps(300, [0.01, 0.02, 0.02], (i, step) => i == 0 && step % 2 == 0);
        var other = new MarginalWorth(3);
        other.CopyFrom(_worth);
        Assert.Equal(_worth.Redundant, other.Redundant);
        Assert.Equal(_worth.Of(0), other.Of(0));
    }

    [Fact]
    public void In_traffic_that_repeats_itself_who_adds_nothing_is_hardly_asked_and_comes_back_when_it_does()
    {
        var copied = SimulatedRun.Adaptive(Scenario.Copied()).Planner!;
        output.WriteLine($"learned {copied.Metrics.Of(2).Invoked} of {copied.Metrics.Steps} steps, suffix {copied.Metrics.Of(1).Invoked}");
        Assert.InRange((double)copied.Metrics.Of(2).Invoked / copied.Metrics.Steps, 0, 0.1);
        Assert.False(copied.Contributes(SimulatedRun.Taught));

        var run = SimulatedRun.Adaptive(Scenario.CopiedThenTaught());
        var best = SimulatedRun.Fixed(Scenario.CopiedThenTaught(), 0b110, 4);
        Assert.True(run.Planner!.Contributes(SimulatedRun.Taught));
        Assert.True(run.RequestSeconds[120..].Sum() < best.RequestSeconds[120..].Sum());
    }

    private void Steps(int steps, double[] costs, Func<int, int, bool> right, int judged = All)
    {
        for (int step = 0; step < steps; step++)
        {
            var merged = new DraftTree(16);
            for (int i = 0; i < 3; i++)
            {
                var tree = new DraftTree(8);
                tree.Add(right(i, step) ? Right : Wrong + i, DraftTree.Root, 0.5f);
                merged.Merge(tree, i);
            }
            var draft = new FrozenDraft(16, 3);
            draft.Freeze(merged, 1, load: 0, All, [.. Enumerable.Repeat(true, merged.Count)]);
            costs.CopyTo(draft.Costs);
            draft.Price(row: 0, token: 0.5);
            draft.Judge([0, Right], _learner, _learner.All);
            _worth.Learn(draft, judged);
        }
    }
}
