using System.Text.RegularExpressions;
using Atlas.Evaluation.Workloads;

namespace Atlas.Evaluation.Tests.Workloads;

public sealed class CodeEditTests
{
    // The instruction is read back from the prompt and carried out on the code by other means than the generator's.
    [Fact]
    public void The_completion_is_the_code_with_the_instruction_carried_out()
    {
        var seen = new Dictionary<string, int>();
        foreach (WorkloadItem item in WorkloadItems.Of("edits", 4_000))
        {
            var (kind, code, expected) = CarryOut(item);
            Assert.Equal(expected, item.Completion);
            Assert.NotEqual(code, expected);
            Assert.InRange(code.Split('\n').Length, 5, 24);
            seen[kind] = seen.GetValueOrDefault(kind) + 1;
        }
        Assert.Equal(6, seen.Count);
        Assert.All(seen, kind => Assert.True(kind.Value > 400, $"{kind.Value} of {kind.Key}"));
    }

    [Fact]
    public void Brackets_close()
    {
        foreach (WorkloadItem item in WorkloadItems.Of("edits", 2_000))
        {
            foreach (string pair in new[] { "()", "[]", "{}" })
                Assert.Equal(item.Completion.Count(c => c == pair[0]), item.Completion.Count(c => c == pair[1]));
        }
    }

    [Fact]
    public void Names_in_a_function_are_parameters_set_before_or_called()
    {
        foreach (WorkloadItem item in WorkloadItems.Of("edits", 1_000))
        {
            string code = CarryOut(item).Code;
            foreach (Match name in Regex.Matches(code, @"(?<!this\.|self\.|->|goto |\w)[a-z]+_[a-z]+\b(?!\()").Where(name => name.Value != "size_t"))
            {
                int first = Regex.Match(code, $@"\b{name.Value}\b").Index;
                string line = code[..first].Split('\n')[^1];
                // Where a name comes first, it is declared: in the header, in an assignment, by a loop, or by a with block.
                Assert.True(
                    !code[..first].Contains('\n') || Regex.IsMatch(line, @"^\s*(const |let |int |long |char \*|size_t |struct node \*|for .*|with .*|.*forEach\()?$"),
                    $"{name.Value} in\n{code}");
            }
        }
    }

    private static (string Kind, string Code, string Expected) CarryOut(WorkloadItem item)
    {
        string phrase = Assert.Single(item.Phrases);
        var read = PhraseReader.Read(phrase, item.Prompt[..^"\n>>>\n".Length]);
        string code = read["code"], old = read["old"], replacement = read.GetValueOrDefault("new", "");
        if (read.TryGetValue("at", out string? at))
        {
            string[] lines = code.Split('\n');
            int line = Array.FindIndex(lines, text => Regex.IsMatch(text, $@"\b{at} = "));
            int sign = lines[line].LastIndexOf($" {old} ", StringComparison.Ordinal) + 1;
            lines[line] = lines[line].Remove(sign, old.Length).Insert(sign, replacement);
            return ("operator", code, string.Join('\n', lines));
        }
        if (!phrase.Contains("{new}", StringComparison.Ordinal))
            return ("deletion", code, string.Join('\n', code.Split('\n').Where(line => !line.Contains($"{old}(", StringComparison.Ordinal))));
        if (phrase.Contains("parameter", StringComparison.Ordinal))
        {
            string declared = Regex.IsMatch(code, @"^\S.*(int|long|char|node) ") ? $"int {replacement}" : replacement;
            int end = code.IndexOf(')', StringComparison.Ordinal);
            Assert.EndsWith(old, code[..end]);
            return ("parameter", code, code.Insert(end, $", {declared}"));
        }
        string kind = char.IsAsciiDigit(old[0]) ? "constant" : old.Contains(' ') ? "message" : "rename";
        return (kind, code, Regex.Replace(code, $@"\b{old}\b", replacement));
    }
}
