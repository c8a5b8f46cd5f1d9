using System.Text.RegularExpressions;
using Atlas.Evaluation.Workloads;

namespace Atlas.Evaluation.Tests.Workloads;

public sealed partial class CopyShareTests
{
    private const int Run = 4;

    public static TheoryData<string> Domains => [.. WorkloadCatalog.All.Select(workload => workload.Domain)];

    [Theory]
    [MemberData(nameof(Domains))]
    public void A_workload_is_copy_like_where_most_of_its_completions_stands_in_the_prompts(string domain)
    {
        int copied = 0, all = 0;
        foreach (WorkloadItem item in WorkloadItems.Of(domain, 600))
        {
            bool[] found = Copied(Pieces(item.Prompt), Pieces(item.Completion));
            copied += found.Count(piece => piece);
            all += found.Length;
        }
        double share = (double)copied / all;
        // No domain is near the line between the two.
        if (WorkloadCatalog.Get(domain).CopyLike)
            Assert.InRange(share, 0.6, 1.0);
        else
            Assert.InRange(share, 0.0, 0.45);
    }

    [Fact]
    public void Four_unseen_domains_of_the_reference_pair_are_written_rather_than_copied() =>
        Assert.All(["sql", "completion", "logs", "arithmetic"], domain => Assert.False(WorkloadCatalog.Get(domain).CopyLike));

    [Fact]
    public void Copied_pieces_are_those_in_common_runs_of_four() =>
        Assert.Equal([false, true, true, true, true, false], Copied(Pieces("call a_b(1) now"), Pieces("x a_b(1) y")));

    private static bool[] Copied(string[] prompt, string[] completion)
    {
        var runs = new HashSet<string>(StringComparer.Ordinal);
        for (int at = 0; at + Run <= prompt.Length; at++)
            runs.Add(string.Join(' ', prompt[at..(at + Run)]));
        bool[] found = new bool[completion.Length];
        for (int at = 0; at + Run <= completion.Length; at++)
        {
            if (runs.Contains(string.Join(' ', completion[at..(at + Run)])))
                found.AsSpan(at, Run).Fill(true);
        }
        return found;
    }

    private static string[] Pieces(string text) => [.. PiecePattern().Matches(text).Select(piece => piece.Value)];

    [GeneratedRegex(@"[A-Za-z_]+|\d|[^\sA-Za-z_\d]")]
    private static partial Regex PiecePattern();
}
