using System.Text;
using Atlas.Evaluation.Workloads;

namespace Atlas.Evaluation.Tests.Workloads;

public sealed class WorkloadVarietyTests
{
    private const int ItemsPerDomain = 600;
    private const double MostPacked = 7.0;

    public static TheoryData<string> Domains => [.. WorkloadCatalog.All.Select(workload => workload.Domain)];

    [Theory]
    [MemberData(nameof(Domains))]
    public void Evaluation_text_packs_to_no_less_than_a_seventh(string domain)
    {
        double ratio = XzCompressor.Ratio(EvaluationText([WorkloadCatalog.Get(domain)]));
        Assert.True(ratio < MostPacked, $"{domain} compresses {ratio:F2} times.");
    }

    [Fact]
    public void Evaluation_text_of_the_reference_domains_together_packs_to_no_less_than_a_seventh()
    {
        double ratio = XzCompressor.Ratio(EvaluationText(WorkloadCatalog.Reference));
        Assert.True(ratio < MostPacked, $"All domains compress {ratio:F2} times.");
    }

    [Fact]
    public void A_few_phrases_repeated_would_be_noticed() =>
        Assert.True(XzCompressor.Ratio(string.Concat(Enumerable.Range(0, 9_000).Select(i => $"Add {i % 7} and {i % 5}.\n"))) > MostPacked);

    // A piece is about a token of a vocabulary of four thousand: a word with the blank before it, a digit, a run of other marks.
    [Theory]
    [InlineData("tools", 40, 260, 20, 100)]
    [InlineData("extraction", 40, 200, 10, 110)]
    [InlineData("edits", 50, 260, 40, 240)]
    [InlineData("chat", 30, 200, 10, 130)]
    [InlineData("sql", 20, 220, 10, 140)]
    [InlineData("completion", 20, 150, 10, 130)]
    [InlineData("logs", 50, 330, 15, 130)]
    [InlineData("arithmetic", 5, 110, 20, 300)]
    public void Lengths_suit_a_context_of_512_tokens(string domain, int leastPrompt, int mostPrompt, int leastCompletion, int mostCompletion)
    {
        double completions = 0;
        WorkloadItem[] items = [.. WorkloadItems.Of(domain, 3_000)];
        foreach (WorkloadItem item in items)
        {
            int prompt = Pieces(item.Prompt), completion = Pieces(item.Completion);
            Assert.InRange(prompt, leastPrompt, mostPrompt);
            Assert.InRange(completion, leastCompletion, mostCompletion);
            Assert.InRange(prompt + completion, 0, 460);
            completions += completion;
        }
        Assert.InRange(completions / items.Length, 30, 160);
    }

    private static int Pieces(string text) =>
        System.Text.RegularExpressions.Regex.Count(text, @" ?[A-Za-z]+|\d| ?[^\sA-Za-z\d]+|\s+");

    private static string EvaluationText(IEnumerable<IWorkload> workloads)
    {
        var text = new StringBuilder();
        foreach (IWorkload workload in workloads)
        {
            for (int i = 0; i < ItemsPerDomain; i++)
            {
                WorkloadItem item = workload.Item(Split.Evaluation, 1, i);
                text.Append(item.Prompt).Append(item.Completion).Append('\n');
            }
        }
        return text.ToString();
    }
}
