using System.Globalization;
using System.Text;

namespace Atlas.Evaluation.Workloads;

/// <summary>
/// Written calculation in columns from the right. A line per column says what is added there, with the carry or borrow at its end, and after
/// the arrow the digits of the result so far, so that each line follows from the task and the line above it.
/// </summary>
internal static class ColumnWork
{
    private static readonly string[] Columns = ["ones", "tens", "hundreds", "thousands", "ten thousands", "hundred thousands"];

    /// <summary>
    /// One calculation with its result in the last line, such as <c>384+57</c>, <c>ones: 4+7=11 -> 1</c>, <c>tens: 8+5+1=14 -> 41</c>,
    /// <c>hundreds: 3+0+1=4 -> 441</c>, <c>=441</c>.
    /// </summary>
    /// <param name="a">The first operand, positive, and not below <paramref name="b"/> in a difference.</param>
    /// <param name="operation">One of + - *.</param>
    /// <param name="b">The second operand; one digit in a product.</param>
    public static string Work(int a, char operation, int b)
    {
        var work = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{a}{operation}{b}\n");
        string done = "";
        int rest = 0;
        for (int at = 0, restA = a, restB = b; restA > 0 || (operation != '*' && restB > 0); at++, restA /= 10, restB /= 10)
        {
            int x = restA % 10, y = operation == '*' ? b : restB % 10;
            bool last = restA < 10 && (operation == '*' || restB < 10);
            bool borrows = operation == '-' && x - y - rest < 0;
            string carried = rest == 0 ? "" : operation == '-' ? $"-{rest}" : $"+{rest}";
            int column = operation switch { '+' => x + y + rest, '-' => x + (borrows ? 10 : 0) - y - rest, _ => x * y + rest };
            done = Text(last ? column : column % 10) + done;
            work.Append(CultureInfo.InvariantCulture, $"{Columns[at]}: {x + (borrows ? 10 : 0)}{operation}{y}{carried}={column} -> {done}\n");
            rest = operation == '-' ? (borrows ? 1 : 0) : column / 10;
        }
        return work.Append('=').Append(Text(Apply(a, operation, b))).ToString();
    }

    /// <summary>The result of a calculation.</summary>
    public static int Apply(int a, char operation, int b) => operation switch { '+' => a + b, '-' => a - b, _ => a * b };

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
