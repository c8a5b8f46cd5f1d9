using System.Globalization;
using System.IO.Compression;
using System.Text;
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
            for (int at = 0; at < completion.Length; at += 7)
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
            if (items[i].Completion != items[i - 1].Completion)
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

    // The project asks that `xz -9` shrink evaluation text to no less than a seventh; Brotli at its best with its widest window is
    // somewhat stronger than xz on such text.
    [Theory]
    [MemberData(nameof(Domains))]
    public void Evaluation_text_is_varied(string domain)
    {
        var text = new StringBuilder();
        for (int i = 0; i < 2_000; i++)
        {
            WorkloadItem item = WorkloadCatalog.Get(domain).Item(Split.Evaluation, 1, i);
            text.Append(item.Prompt).Append(item.Completion).Append('\n');
        }
        byte[] bytes = Encoding.UTF8.GetBytes(text.ToString());
        byte[] packed = new byte[bytes.Length];
        Assert.True(BrotliEncoder.TryCompress(bytes, packed, out int length, quality: 11, window: 24));
        double ratio = (double)bytes.Length / length;
        Assert.True(ratio < 7.0, $"{domain} compresses {ratio:F2} times.");
    }

    [Fact]
    public void Tool_calls_satisfy_the_signature_in_the_prompt()
    {
        foreach (WorkloadItem item in Items("tools", 3_000))
        {
            Match signature = SignaturePattern().Match(item.Prompt);
            Assert.True(signature.Success, item.Prompt);
            using JsonDocument call = JsonDocument.Parse(item.Completion);
            Assert.Equal(["name", "arguments"], call.RootElement.EnumerateObject().Select(member => member.Name));
            Assert.Equal(signature.Groups[1].Value, call.RootElement.GetProperty("name").GetString());
            string[][] parameters = [.. signature.Groups[2].Value.Split(", ").Select(parameter => parameter.Split(": "))];
            JsonProperty[] arguments = [.. call.RootElement.GetProperty("arguments").EnumerateObject()];
            Assert.Equal(parameters.Select(parameter => parameter[0]), arguments.Select(argument => argument.Name));
            string request = item.Prompt.Replace(signature.Value, "", StringComparison.Ordinal);
            foreach (var (parameter, argument) in parameters.Zip(arguments))
            {
                JsonValueKind[] kinds = parameter[1] switch
                {
                    "string" => [JsonValueKind.String],
                    "integer" => [JsonValueKind.Number],
                    "boolean" => [JsonValueKind.True, JsonValueKind.False],
                    _ => throw new InvalidOperationException($"unknown type {parameter[1]}"),
                };
                Assert.Contains(argument.Value.ValueKind, kinds);
                string value = argument.Value.ValueKind == JsonValueKind.String ? argument.Value.GetString()! : argument.Value.GetRawText();
                Assert.Contains(value, request);
            }
        }
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

    [Fact]
    public void Arithmetic_is_right_line_by_line()
    {
        foreach (WorkloadItem item in Items("arithmetic", 5_000))
        {
            string[] lines = item.Completion.Split('\n');
            string[] task = lines[0].Split('+', '-');
            int a = Number(task[0]), b = Number(task[1]);
            Assert.Contains(task[0], item.Prompt);
            Assert.Contains(task[1], item.Prompt);
            int answer = lines[0].Contains('+') ? a + b : a - b;
            Assert.True(answer >= 0);
            Assert.Equal($"={answer}", lines[^1]);
            Assert.Equal(Math.Max(task[0].Length, task[1].Length), lines.Length - 2);
            string[] columns = [.. lines[1..^1].Select(line => line.Split('=')[1])];
            Assert.All(lines[1..^1], line => Assert.Equal(Number(line.Split('=')[1]), Evaluate(line.Split('=')[0])));
            string digits = columns[^1] + string.Concat(columns[..^1].Reverse().Select(column => column[^1]));
            Assert.Equal(answer, Number(digits));
        }
    }

    [Theory]
    [InlineData(457, 386, "457+386\n7+6=13\n5+8+1=14\n4+3+1=8\n=843")]
    [InlineData(999, 1, "999+1\n9+1=10\n9+0+1=10\n9+0+1=10\n=1000")]
    public void A_sum_is_worked_with_carries(int a, int b, string expected) => Assert.Equal(expected, ArithmeticWorkload.WorkSum(a, b));

    [Theory]
    [InlineData(452, 386, "452-386\n12-6=6\n15-1-8=6\n4-1-3=0\n=66")]
    [InlineData(100, 1, "100-1\n10-1=9\n10-1-0=9\n1-1-0=0\n=99")]
    public void A_difference_is_worked_with_borrows(int a, int b, string expected) =>
        Assert.Equal(expected, ArithmeticWorkload.WorkDifference(a, b));

    [Fact]
    public void Extracted_values_stand_in_the_text_and_fields_come_as_asked()
    {
        foreach (WorkloadItem item in Items("extraction", 3_000))
        {
            string[][] lines = [.. item.Completion.Split('\n').Select(line => line.Split(": ", 2))];
            Assert.InRange(lines.Length, 2, 4);
            Assert.Contains(string.Join(", ", lines.Select(line => line[0])), item.Prompt);
            Assert.All(lines, line => Assert.Contains(line[1], item.Prompt));
        }
    }

    [Fact]
    public void Edits_apply_to_the_code_in_the_prompt()
    {
        foreach (WorkloadItem item in Items("edits", 3_000))
        {
            string instruction = item.Prompt.Split('\n').Single(line => InstructionPattern().IsMatch(line));
            string code = string.Join('\n', item.Prompt.Split('\n').Where(line => line != instruction && line.Length > 0 && line != ">>>"));
            Assert.NotEqual(code, item.Completion);
            Assert.InRange(code.Split('\n').Length, 3, 6);
            string[] words = [.. item.Entities.Where(entity => Regex.IsMatch(instruction, $@"\b{entity}\b"))];
            Assert.Equal(2, words.Length);
            string old = words.Single(word => Regex.IsMatch(code, $@"\b{word}\b"));
            string replacement = words.Single(word => word != old);
            Assert.Equal(item.Completion, Regex.Replace(code, $@"\b{old}\b", replacement));
        }
    }

    private static IEnumerable<WorkloadItem> Items(string domain, int count) =>
        Enum.GetValues<Split>().SelectMany(split =>
            Enumerable.Range(0, count / 2).Select(i => WorkloadCatalog.Get(domain).Item(split, seed: 11, i)));

    private static int Number(string digits) => int.Parse(digits, CultureInfo.InvariantCulture);

    private static int Evaluate(string terms) => Regex.Matches(terms, @"[+-]?\d+").Sum(term => Number(term.Value));

    [GeneratedRegex(@"([a-z]+_[a-z]+)\(([^)]+)\)")]
    private static partial Regex SignaturePattern();

    [GeneratedRegex("^[A-Z][^(={]*$")]
    private static partial Regex InstructionPattern();

    [GeneratedRegex(@"\{[a-z]+2?\}")]
    private static partial Regex PlaceholderPattern();
}
