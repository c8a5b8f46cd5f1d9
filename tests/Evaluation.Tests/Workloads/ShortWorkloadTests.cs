using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Atlas.Evaluation.Workloads;

namespace Atlas.Evaluation.Tests.Workloads;

/// <summary>The workloads of the small pair.</summary>
public sealed partial class ShortWorkloadTests
{
    [Fact]
    public void Tool_calls_satisfy_the_signature_in_the_prompt()
    {
        foreach (WorkloadItem item in Items("short-tools", 3_000))
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
    public void Arithmetic_is_right_line_by_line()
    {
        foreach (WorkloadItem item in Items("short-arithmetic", 5_000))
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
    public void A_sum_is_worked_with_carries(int a, int b, string expected) => Assert.Equal(expected, ShortArithmeticWorkload.WorkSum(a, b));

    [Theory]
    [InlineData(452, 386, "452-386\n12-6=6\n15-1-8=6\n4-1-3=0\n=66")]
    [InlineData(100, 1, "100-1\n10-1=9\n10-1-0=9\n1-1-0=0\n=99")]
    public void A_difference_is_worked_with_borrows(int a, int b, string expected) =>
        Assert.Equal(expected, ShortArithmeticWorkload.WorkDifference(a, b));

    [Fact]
    public void Extracted_values_stand_in_the_text_and_fields_come_as_asked()
    {
        foreach (WorkloadItem item in Items("short-extraction", 3_000))
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
        foreach (WorkloadItem item in Items("short-edits", 3_000))
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

    private static IEnumerable<WorkloadItem> Items(string domain, int count) => WorkloadItems.Of(domain, count);

    private static int Number(string digits) => int.Parse(digits, CultureInfo.InvariantCulture);

    private static int Evaluate(string terms) => Regex.Matches(terms, @"[+-]?\d+").Sum(term => Number(term.Value));

    [GeneratedRegex(@"([a-z]+_[a-z]+)\(([^)]+)\)")]
    private static partial Regex SignaturePattern();

    [GeneratedRegex("^[A-Z][^(={]*$")]
    private static partial Regex InstructionPattern();
}
