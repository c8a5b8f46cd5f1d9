using System.Security.Cryptography;
using System.Text;
using Atlas.Evaluation.Workloads;

namespace Atlas.Evaluation.Tests.Workloads;

public sealed class WorkloadStreamTests
{
    public static TheoryData<string> Domains => [.. WorkloadCatalog.All.Select(workload => workload.Domain)];

    // Shipped models are trained on these streams: a change here asks for new models, so it must be meant.
    [Theory]
    [InlineData("tools", "82028D6AA53FFDD4")]
    [InlineData("extraction", "F235D9B8B60097B6")]
    [InlineData("edits", "0825AC3F7F396D78")]
    [InlineData("arithmetic", "B0D83E1C75555861")]
    [InlineData("sorting", "2DE9BC24809D1F42")]
    [InlineData("short-tools", "0D1500696F1B0884")]
    [InlineData("short-arithmetic", "8FEE5F1F7AAB7C7E")]
    [InlineData("short-extraction", "E29F87D8C6DC9687")]
    [InlineData("short-edits", "BE3CC45CABD19A49")]
    [InlineData("sql", "4A46B3CD05118FBB")]
    [InlineData("completion", "98EF8B03FE0E9332")]
    [InlineData("logs", "F860318F98E43D70")]
    [InlineData("chat", "DAD07FED44126DB0")]
    public void The_first_items_are_pinned(string domain, string expected)
    {
        IWorkload workload = WorkloadCatalog.Get(domain);
        var text = new StringBuilder();
        foreach (Split split in Enum.GetValues<Split>())
        {
            for (int i = 0; i < 50; i++)
            {
                WorkloadItem item = workload.Item(split, seed: 7, i);
                text.Append(item.Prompt).Append(item.Completion).Append('\n');
            }
        }
        string hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..16];
        Assert.Equal(expected, hash);
    }

    [Theory]
    [MemberData(nameof(Domains))]
    public void Items_do_not_depend_on_the_order_they_are_drawn_in(string domain)
    {
        IWorkload workload = WorkloadCatalog.Get(domain);
        string[] forwards = new string[200];
        for (int i = 0; i < forwards.Length; i++)
            forwards[i] = Text(workload.Item(Split.Training, 3, i));
        string[] parallel = new string[forwards.Length];
        Parallel.For(0, forwards.Length, i =>
        {
            int at = forwards.Length - 1 - i;
            parallel[at] = Text(workload.Item(Split.Training, 3, at));
        });
        Assert.Equal(forwards, parallel);
    }

    [Theory]
    [MemberData(nameof(Domains))]
    public void Seed_split_and_index_all_matter(string domain)
    {
        IWorkload workload = WorkloadCatalog.Get(domain);
        string here = Text(workload.Item(Split.Training, 1, 5));
        Assert.NotEqual(here, Text(workload.Item(Split.Training, 2, 5)));
        Assert.NotEqual(here, Text(workload.Item(Split.Training, 1, 6)));
        Assert.NotEqual(here, Text(workload.Item(Split.Evaluation, 1, 5)));
        Assert.NotEqual(here, Text(workload.Item(Split.Training, 5, 1)));
    }

    [Theory]
    [MemberData(nameof(Domains))]
    public void No_evaluation_prompt_is_a_training_prompt(string domain)
    {
        IWorkload workload = WorkloadCatalog.Get(domain);
        var training = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < 20_000; i++)
            training.Add(workload.Item(Split.Training, 1, i).Prompt);
        for (int i = 0; i < 10_000; i++)
            Assert.DoesNotContain(workload.Item(Split.Evaluation, 1, i).Prompt, training);
        Assert.True(training.Count > 19_000, $"Only {training.Count} of 20000 training prompts differ.");
    }

    [Fact]
    public void Splits_share_no_entity_over_all_domains()
    {
        HashSet<string> training = Collect(Split.Training, item => item.Entities);
        HashSet<string> evaluation = Collect(Split.Evaluation, item => item.Entities);
        Assert.Empty(training.Intersect(evaluation));
        Assert.True(training.Count > 5_000);
        Assert.True(evaluation.Count > 2_000);
    }

    [Theory]
    [MemberData(nameof(Domains))]
    public void Splits_share_no_phrase(string domain)
    {
        IWorkload workload = WorkloadCatalog.Get(domain);
        HashSet<string> Phrases(Split split) =>
            [.. Enumerable.Range(0, 3_000).SelectMany(i => workload.Item(split, 1, i).Phrases)];
        HashSet<string> training = Phrases(Split.Training);
        HashSet<string> evaluation = Phrases(Split.Evaluation);
        Assert.Empty(training.Intersect(evaluation));
        Assert.True(training.Count >= 8 && evaluation.Count >= 4, $"{training.Count} and {evaluation.Count} phrases.");
    }

    [Theory]
    [MemberData(nameof(Domains))]
    public void Entities_stand_in_the_text_of_their_item(string domain)
    {
        IWorkload workload = WorkloadCatalog.Get(domain);
        int drawn = 0, standing = 0;
        for (int i = 0; i < 500; i++)
        {
            WorkloadItem item = workload.Item(Split.Evaluation, 1, i);
            drawn += item.Entities.Count;
            standing += item.Entities.Count(entity => item.Prompt.Contains(entity, StringComparison.Ordinal)
                || entity.Split('_').All(part => item.Prompt.Contains(part, StringComparison.Ordinal)));
        }
        Assert.True(standing > drawn / 2, $"{standing} of {drawn}.");
    }

    [Fact]
    public void A_negative_index_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => WorkloadCatalog.All[0].Item(Split.Training, 1, -1));

    private static HashSet<string> Collect(Split split, Func<WorkloadItem, IEnumerable<string>> part) =>
        [.. WorkloadCatalog.All.SelectMany(workload => Enumerable.Range(0, 4_000).SelectMany(i => part(workload.Item(split, 1, i))))];

    private static string Text(WorkloadItem item) => item.Prompt + item.Completion;
}
