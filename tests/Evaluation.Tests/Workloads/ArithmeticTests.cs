using System.Globalization;
using System.Text.RegularExpressions;
using Atlas.Evaluation.Workloads;

namespace Atlas.Evaluation.Tests.Workloads;

public sealed partial class ArithmeticTests
{
    [Fact]
    public void Every_line_is_right_and_every_step_continues_the_last()
    {
        foreach (WorkloadItem item in WorkloadItems.Of("arithmetic", 6_000))
        {
            int? total = null;
            Match step = Match.Empty;
            string done = "";
            string[] lines = item.Completion.Split('\n');
            foreach (string line in lines[..^1])
            {
                if (StepPattern().Match(line) is { Success: true } begun)
                {
                    step = begun;
                    Assert.True(total is null || total == Number(step.Groups[1].Value), item.Completion);
                    if (total is null)
                        Assert.Contains(step.Groups[1].Value, item.Prompt);
                    Assert.Contains(step.Groups[3].Value, item.Prompt);
                    done = "";
                }
                else if (ColumnPattern().Match(line) is { Success: true } column)
                {
                    int value = Evaluate(column.Groups[1].Value);
                    Assert.Equal(value, Number(column.Groups[2].Value));
                    Assert.EndsWith(done, column.Groups[3].Value);
                    Assert.EndsWith(column.Groups[3].Value[..^done.Length], column.Groups[2].Value);
                    done = column.Groups[3].Value;
                }
                else
                {
                    int a = Number(step.Groups[1].Value), b = Number(step.Groups[3].Value);
                    total = step.Groups[2].Value switch { "+" => a + b, "-" => a - b, _ => a * b };
                    Assert.Equal($"={total}", line);
                    Assert.Equal(total, Number(done));
                }
            }
            Assert.Equal($"Answer: {total}", lines[^1]);
        }
    }

    // Solves the task from its text alone.
    [Fact]
    public void Bare_tasks_have_the_answer_that_their_expression_has()
    {
        int bare = 0;
        foreach (WorkloadItem item in WorkloadItems.Of("arithmetic", 3_000))
        {
            Match task = ExpressionPattern().Match(item.Prompt);
            if (!task.Success)
                continue;
            bare++;
            int value = Number(task.Groups[1].Value);
            foreach (var (sign, operand) in task.Groups[2].Captures.Zip(task.Groups[3].Captures, (s, o) => (s.Value, Number(o.Value))))
                value = sign switch { "+" => value + operand, "-" => value - operand, _ => value * operand };
            Assert.EndsWith($"\nAnswer: {value}", item.Completion);
        }
        Assert.InRange(bare, 800, 1_200);
    }

    [Fact]
    public void Results_are_positive_and_of_at_most_five_digits()
    {
        foreach (WorkloadItem item in WorkloadItems.Of("arithmetic", 6_000))
            Assert.InRange(Number(item.Completion.Split(' ')[^1]), 0, 99_999);
    }

    [Theory]
    [InlineData(384, '+', 57, "384+57\nones: 4+7=11 -> 1\ntens: 8+5+1=14 -> 41\nhundreds: 3+0+1=4 -> 441\n=441")]
    [InlineData(999, '+', 1, "999+1\nones: 9+1=10 -> 0\ntens: 9+0+1=10 -> 00\nhundreds: 9+0+1=10 -> 1000\n=1000")]
    [InlineData(5, '+', 10, "5+10\nones: 5+0=5 -> 5\ntens: 0+1=1 -> 15\n=15")]
    [InlineData(452, '-', 386, "452-386\nones: 12-6=6 -> 6\ntens: 15-8-1=6 -> 66\nhundreds: 4-3-1=0 -> 066\n=66")]
    [InlineData(100, '-', 1, "100-1\nones: 10-1=9 -> 9\ntens: 10-0-1=9 -> 99\nhundreds: 1-0-1=0 -> 099\n=99")]
    [InlineData(947, '*', 6, "947*6\nones: 7*6=42 -> 2\ntens: 4*6+4=28 -> 82\nhundreds: 9*6+2=56 -> 5682\n=5682")]
    public void Columns_are_worked_from_the_right(int a, char operation, int b, string expected) =>
        Assert.Equal(expected, ColumnWork.Work(a, operation, b));

    private static int Number(string digits) => int.Parse(digits, CultureInfo.InvariantCulture);

    private static int Evaluate(string terms)
    {
        Match product = Regex.Match(terms, @"^(\d)\*(\d)(.*)$");
        int value = product.Success ? Number(product.Groups[1].Value) * Number(product.Groups[2].Value) : 0;
        return value + Regex.Matches(product.Success ? product.Groups[3].Value : terms, @"[+-]?\d+").Sum(term => Number(term.Value));
    }

    [GeneratedRegex(@"^(\d+)([-+*])(\d+)$")]
    private static partial Regex StepPattern();

    [GeneratedRegex(@"^[a-z ]+: ([-+*\d]+)=(\d+) -> (\d+)$")]
    private static partial Regex ColumnPattern();

    [GeneratedRegex(@"(\d+)(?: ([-+*]) (\d+))+")]
    private static partial Regex ExpressionPattern();
}
