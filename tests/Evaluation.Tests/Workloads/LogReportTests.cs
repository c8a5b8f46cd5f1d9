using System.Text.RegularExpressions;
using Atlas.Evaluation.Workloads;

namespace Atlas.Evaluation.Tests.Workloads;

public sealed partial class LogReportTests
{
    [Fact]
    public void Reports_count_what_the_log_holds_and_start_from_its_first_error()
    {
        var sentences = new Dictionary<string, string>();
        foreach (WorkloadItem item in WorkloadItems.Of("logs", 4_000))
        {
            Match[] lines = [.. LinePattern().Matches(item.Prompt).Cast<Match>()];
            Assert.InRange(lines.Length, 4, 8);
            Assert.Equal(Enumerable.Range(1, lines.Length).Select(number => $"{number}"), lines.Select(line => line.Groups[1].Value));
            Assert.Equal(lines.Select(line => line.Groups[2].Value).Order(StringComparer.Ordinal), lines.Select(line => line.Groups[2].Value));
            string[] report = item.Completion.Split('\n');
            Assert.Equal(3, report.Length);
            Assert.Equal($"Errors: {Listed(lines, "ERROR")}", report[0]);
            Assert.Equal($"Warnings: {Listed(lines, "WARN")}", report[1]);
            Match? first = lines.FirstOrDefault(line => line.Groups[3].Value == "ERROR")
                ?? lines.FirstOrDefault(line => line.Groups[3].Value == "WARN");
            if (first is null)
            {
                Assert.Equal("All is well, there is nothing to do.", report[2]);
                continue;
            }
            Assert.StartsWith($"The {first.Groups[4].Value} ", report[2]);
            // Every message of a kind has the same advice, and it keeps the message's numbers and names.
            string kind = ParticularPattern().Replace(first.Groups[5].Value, "#");
            string advice = report[2][report[2].IndexOf("Most likely", StringComparison.Ordinal)..];
            Assert.All(item.Entities.Where(entity => $" {first.Groups[5].Value} ".Contains($" {entity} ") && char.IsAsciiDigit(entity[0])),
                number => Assert.Contains(number, report[2]));
            Assert.True(sentences.TryAdd(kind.Split(' ')[0], advice) || sentences[kind.Split(' ')[0]] == advice || kind.StartsWith('#'), kind);
        }
        Assert.InRange(sentences.Values.Distinct().Count(), 15, 18);
    }

    private static string Listed(Match[] lines, string level)
    {
        string[] numbers = [.. lines.Where(line => line.Groups[3].Value == level).Select(line => $"{line.Groups[1].Value} {line.Groups[4].Value}")];
        return numbers.Length == 0 ? "none" : $"{string.Join(", ", numbers)} ({numbers.Length})";
    }

    [GeneratedRegex(@"^(\d) (\d\d:\d\d:\d\d) (INFO|WARN|ERROR) ([a-z]+-[a-z]+): (.+)$", RegexOptions.Multiline)]
    private static partial Regex LinePattern();

    [GeneratedRegex(@"\d+|[A-Z]{2}-\d+|[A-Z][a-z]+ [A-Z][a-z]+")]
    private static partial Regex ParticularPattern();
}
