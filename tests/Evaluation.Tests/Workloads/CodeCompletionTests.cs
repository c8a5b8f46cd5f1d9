using System.Text.RegularExpressions;
using Atlas.Evaluation.Workloads;

namespace Atlas.Evaluation.Tests.Workloads;

public sealed partial class CodeCompletionTests
{
    private static readonly string[] LibraryNames =
        ["array_filter", "error_log", "array_sum", "array_keys", "array_slice", "filter_map", "max_by", "sort_by", "iter_mut", "unwrap_or", "or_insert"];

    [Fact]
    public void Bodies_use_the_names_and_constants_of_their_head_and_close_their_brackets()
    {
        foreach (WorkloadItem item in WorkloadItems.Of("completion", 6_000))
        {
            foreach (Match name in NamePattern().Matches(item.Completion))
                Assert.True(LibraryNames.Contains(name.Value) || item.Prompt.Contains(name.Value), $"{name.Value} in\n{item.Completion}");
            foreach (Match number in Regex.Matches(item.Completion, @"\d{2,}"))
                Assert.Contains(number.Value, item.Prompt);
            foreach (string pair in new[] { "()", "[]", "{}" })
                Assert.Equal(item.Completion.Count(c => c == pair[0]), item.Completion.Count(c => c == pair[1]));
            Assert.InRange(item.Completion.Split('\n').Length, 3, 12);
            Assert.All(item.Completion.Split('\n'), line => Assert.Equal(line.TrimEnd(), line));
        }
    }

    // Else a prompt would not determine its body.
    [Fact]
    public void Every_name_and_constant_of_a_comment_is_used()
    {
        foreach (WorkloadItem item in WorkloadItems.Of("completion", 6_000))
        {
            string comment = item.Prompt.Split('\n').First(line => line.StartsWith('/') || line.StartsWith('#'));
            foreach (Match named in Regex.Matches(comment, @"\b(?:[a-z]+_[a-z]+|\d{2,})\b"))
                Assert.Contains(named.Value, item.Completion);
            foreach (Match text in Regex.Matches(comment, "\"([^\"]+)\""))
                Assert.Contains(text.Groups[1].Value, item.Completion);
        }
    }

    [Fact]
    public void The_same_task_has_the_same_body()
    {
        var bodies = new Dictionary<string, string>();
        foreach (WorkloadItem item in WorkloadItems.Of("completion", 6_000))
        {
            string language = item.Prompt.Contains("fn ") ? "Rust" : item.Prompt.Contains("function ") ? "PHP" : "Ruby";
            string task = $"{language} {string.Join('|', item.Phrases.Take(2))}";
            string[] entities = [.. item.Entities.OrderByDescending(entity => entity.Length)];
            string entry = Regex.Match(item.Prompt, @"\w+_\w+\((?:array )?\$?(\w+)").Groups[1].Value;
            string stem = entry.EndsWith("ies", StringComparison.Ordinal) ? entry[..^3] : Regex.Replace(entry, "(?<=[sc]h)es$|s$", "");
            string body = item.Completion;
            for (int i = 0; i < entities.Length; i++)
                body = Regex.Replace(body, $@"\b{entities[i]}\b", $"<{(char)('A' + Array.IndexOf([.. item.Entities], entities[i]))}>");
            body = Regex.Replace(body, $@"\b{stem}(s|es|ies|y)?\b", "entry");
            Assert.Equal(bodies.GetValueOrDefault(task, body), body);
            bodies[task] = body;
        }
        Assert.InRange(bodies.Count, 600, 6_000);
    }

    [GeneratedRegex(@"\b[a-z]+_[a-z]+\b")]
    private static partial Regex NamePattern();
}
