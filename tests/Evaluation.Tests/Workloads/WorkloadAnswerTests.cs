using System.Text.Json;
using System.Text.RegularExpressions;
using Atlas.Evaluation.Workloads;

namespace Atlas.Evaluation.Tests.Workloads;

public sealed partial class WorkloadAnswerTests
{
    public static TheoryData<string> Domains => [.. WorkloadCatalog.All.Select(workload => workload.Domain)];

    [Theory]
    [MemberData(nameof(Domains))]
    public void Every_completion_is_accepted_and_damaged_ones_are_refused(string domain)
    {
        foreach (WorkloadItem item in Items(domain, 1_000))
        {
            string completion = item.Completion;
            Assert.True(item.Accepts(completion));
            Assert.True(item.Accepts($" \n{completion}\n"));
            Assert.False(item.Accepts(""));
            Assert.False(item.Accepts(completion[..^1]));
            Assert.False(item.Accepts(completion + "x"));
            int compared = item.Format == AnswerFormat.LastLine ? completion.LastIndexOf('\n') + 1 : 0;
            for (int at = compared; at < completion.Length; at += 7)
            {
                if (char.IsAsciiLetterOrDigit(completion[at]))
                    Assert.False(item.Accepts(completion.Remove(at, 1).Insert(at, completion[at] == 'q' ? "r" : "q")));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Domains))]
    public void The_answer_of_another_item_is_refused(string domain)
    {
        WorkloadItem[] items = [.. Items(domain, 400)];
        for (int i = 1; i < items.Length; i++)
        {
            string[] compared = [.. items[(i - 1)..(i + 1)].Select(item =>
                item.Format == AnswerFormat.LastLine ? item.Completion.Split('\n')[^1] : item.Completion)];
            if (compared[0] != compared[1])
                Assert.False(items[i].Accepts(items[i - 1].Completion));
        }
    }

    [Theory]
    [MemberData(nameof(Domains))]
    public void Prompts_end_with_the_marker_and_completions_are_trimmed(string domain)
    {
        foreach (WorkloadItem item in Items(domain, 1_000))
        {
            Assert.Equal(domain, item.Domain);
            Assert.EndsWith("\n>>>\n", item.Prompt);
            Assert.Equal(1, Regex.Count(item.Prompt + item.Completion, ">>>"));
            Assert.Equal(item.Completion.Trim(), item.Completion);
            Assert.All(item.Prompt + item.Completion, c => Assert.True(c is '\n' or >= ' ' and <= '~', $"unexpected character {(int)c}"));
            Assert.DoesNotContain("\r", item.Prompt + item.Completion);
            Assert.DoesNotContain("  \n", item.Prompt);
        }
    }

    [Theory]
    [MemberData(nameof(Domains))]
    public void Placeholders_are_all_filled(string domain)
    {
        foreach (WorkloadItem item in Items(domain, 2_000))
            Assert.DoesNotMatch(PlaceholderPattern(), item.Prompt + item.Completion);
    }

    [Fact]
    public void Work_above_the_last_line_may_differ()
    {
        WorkloadItem item = Items("arithmetic", 2).First();
        string answer = item.Completion.Split('\n')[^1];
        Assert.True(item.Accepts(answer));
        Assert.True(item.Accepts($"by heart\n{answer}\n"));
        Assert.False(item.Accepts($"{answer}\nby heart"));
        Assert.False(item.Accepts($"It is {answer}"));
    }

    [Fact]
    public void Tool_calls_are_compared_as_json()
    {
        WorkloadItem item = Items("tools", 50).First(candidate => candidate.Completion.Split("\": ").Length > 4);
        using JsonDocument call = JsonDocument.Parse(item.Completion);
        var reordered = call.RootElement.GetProperty("arguments").EnumerateObject().Reverse()
            .Select(argument => $"\"{argument.Name}\" : {argument.Value.GetRawText()}");
        string name = call.RootElement.GetProperty("name").GetString()!;
        Assert.True(item.Accepts($"{{\"arguments\":{{{string.Join(" ,", reordered)}}},\n\"name\":\"{name}\"}}"));
        Assert.False(item.Accepts($"{{\"arguments\":{{{string.Join(" ,", reordered.Skip(1))}}},\"name\":\"{name}\"}}"));
        Assert.False(item.Accepts(item.Completion.Replace("{\"name\"", $"{{\"name\": \"{name}\", \"name\"", StringComparison.Ordinal)));
    }

    private static IEnumerable<WorkloadItem> Items(string domain, int count) => WorkloadItems.Of(domain, count);

    // Not the interpolations of Ruby, #{count}.
    [GeneratedRegex(@"(?<!#)\{[a-z]+2?\}")]
    private static partial Regex PlaceholderPattern();
}
