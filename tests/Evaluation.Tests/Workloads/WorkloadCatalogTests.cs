using Atlas.Evaluation.Workloads;

namespace Atlas.Evaluation.Tests.Workloads;

public sealed class WorkloadCatalogTests
{
    [Fact]
    public void Every_workload_is_found_by_its_domain()
    {
        Assert.All(WorkloadCatalog.All, workload => Assert.Same(workload, WorkloadCatalog.Get(workload.Domain)));
        Assert.Equal(WorkloadCatalog.All.Count, WorkloadCatalog.All.Select(workload => workload.Domain).Distinct().Count());
        Assert.Equal(
            ["short-tools", "short-arithmetic", "short-extraction", "short-edits"], WorkloadCatalog.Small.Select(workload => workload.Domain));
        Assert.Equal(
            ["tools", "extraction", "edits", "chat", "sql", "completion", "logs", "arithmetic"],
            WorkloadCatalog.Reference.Select(workload => workload.Domain));
    }

    [Fact]
    public void An_unknown_domain_is_refused_with_the_known_ones()
    {
        string message = Assert.Throws<ArgumentException>(() => WorkloadCatalog.Get("Tools")).Message;
        Assert.Equal(
            "There is no workload domain 'Tools'; expected one of tools, extraction, edits, chat, sql, completion, logs, arithmetic, "
            + "short-tools, short-arithmetic, short-extraction, short-edits, sorting.",
            message);
    }

    [Fact]
    public void A_phrase_in_both_splits_is_refused() =>
        Assert.Throws<ArgumentException>(() => new PhraseBook(["a {x}", "b"], ["c", "a {x}"]));

    [Fact]
    public void A_placeholder_without_a_value_is_refused()
    {
        Assert.Equal("one {b} two", PhraseBook.Fill("one {a} two", ("a", "{b}")));
        Assert.Throws<ArgumentException>(() => PhraseBook.Fill("{a} {b}", ("a", "x")));
    }

    // Reference values of SplitMix64 from seed 1234567 (Vigna's splitmix64.c).
    [Fact]
    public void Split_mix_has_the_published_output_function()
    {
        ulong state = 1234567;
        ulong[] outputs = [.. Enumerable.Range(0, 3).Select(_ => SplitMix64.Mix(state += 0x9E3779B97F4A7C15))];
        Assert.Equal([6457827717110365317UL, 3203168211198807973UL, 9817491932198370423UL], outputs);
    }

    [Fact]
    public void Draws_below_a_limit_are_even()
    {
        var random = new SplitMix64(1, 2);
        int[] counts = new int[10];
        for (int i = 0; i < 100_000; i++)
            counts[random.Below(10)]++;
        Assert.All(counts, count => Assert.InRange(count, 9_600, 10_400));
    }

    [Fact]
    public void About_a_quarter_of_all_entities_is_held_out()
    {
        int held = Enumerable.Range(0, 20_000).Count(i => Partition.Of($"entity {i}") == Split.Evaluation);
        Assert.InRange(held, 4_700, 5_300);
    }
}
