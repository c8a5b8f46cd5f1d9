using System.Globalization;
using System.Text;

namespace Atlas.Evaluation.Workloads;

/// <summary>
/// Sums and differences of numbers of two and three digits, worked in columns from the right. The completion restates the task, gives one
/// line per column, with the carry or borrow written out, and ends with <c>=</c> and the result.
/// </summary>
internal sealed class ShortArithmeticWorkload()
    : Workload("short-arithmetic", singleAnswer: true, copyLike: false, AnswerFormat.Text, stream: "arithmetic")
{
    private static readonly PhraseBook Sums = new(
        [
            "What is {a} + {b}?",
            "Compute {a} + {b}.",
            "Add {a} and {b}.",
            "Work out the sum of {a} and {b}.",
            "How much is {a} plus {b}?",
            "{person} has {a} {product} and buys {b} more. How many are there now?",
            "There are {a} {product} in {place} and {b} in {place2}. How many together?",
            "A shop sold {a} {product} on {day} and {b} the day after. Give the total.",
            "Calculate {a}+{b} column by column.",
            "{person} wrote {a} lines, then {b} more. How many lines in total?",
        ],
        [
            "Please add {a} and {b}.",
            "Find {a} + {b}.",
            "What is the sum of {a} and {b}?",
            "{place} has {a} {product}, {place2} has {b}. How many in total?",
            "{person} bought {a} {product} on {day} and {b} more the day after. How many together?",
        ]);

    private static readonly PhraseBook Differences = new(
        [
            "What is {a} - {b}?",
            "Compute {a} - {b}.",
            "Subtract {b} from {a}.",
            "Work out the difference of {a} and {b}.",
            "How much is {a} minus {b}?",
            "{person} has {a} {product} and sells {b} of them. How many are left?",
            "There were {a} {product} in {place} and {b} were taken away. How many remain?",
            "A shop had {a} {product} on {day} and sold {b}. Give the rest.",
            "Calculate {a}-{b} column by column.",
            "{person} had {a} lines and removed {b}. How many lines are left?",
        ],
        [
            "Please subtract {b} from {a}.",
            "Find {a} - {b}.",
            "What is the difference of {a} and {b}?",
            "{place} had {a} {product} and sold {b} of them. How many remain?",
            "{person} had {a} {product} on {day} and {b} were taken away. How many are left?",
        ]);

    /// <inheritdoc/>
    protected override (string Prompt, string Completion) Generate(ItemDraw draw)
    {
        int a = draw.OneIn(3) ? draw.Number(10, 99) : draw.Number(100, 999);
        int b = draw.OneIn(3) ? draw.Number(10, 99) : draw.Number(100, 999);
        bool sum = draw.OneIn(2);
        if (!sum && a < b)
            (a, b) = (b, a);
        string phrase = draw.Phrase(sum ? Sums : Differences);
        string prompt = PhraseBook.Fill(
            phrase,
            ("a", Text(a)),
            ("b", Text(b)),
            ("person", Uses(phrase, "{person}") ? PeopleAndPlaces.Person(draw) : ""),
            ("product", Uses(phrase, "{product}") ? Things.Product(draw) : ""),
            ("place", Uses(phrase, "{place}") ? PeopleAndPlaces.Place(draw) : ""),
            ("place2", Uses(phrase, "{place2}") ? PeopleAndPlaces.Place(draw) : ""),
            ("day", Calendar.Day(draw)));
        return (prompt, sum ? WorkSum(a, b) : WorkDifference(a, b));
    }

    /// <summary>Column addition: <c>457+386</c>, <c>7+6=13</c>, <c>5+8+1=14</c>, <c>4+3+1=8</c>, <c>=843</c>, one to a line.</summary>
    internal static string WorkSum(int a, int b)
    {
        var work = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{a}+{b}\n");
        int carry = 0;
        for (int restA = a, restB = b; restA > 0 || restB > 0; restA /= 10, restB /= 10)
        {
            int column = restA % 10 + restB % 10 + carry;
            work.Append(CultureInfo.InvariantCulture, $"{restA % 10}+{restB % 10}{(carry > 0 ? "+1" : "")}={column}\n");
            carry = column / 10;
        }
        return work.Append('=').Append(Text(a + b)).ToString();
    }

    /// <summary>
    /// Column subtraction of a smaller number: <c>452-386</c>, <c>12-6=6</c>, <c>15-1-8=6</c>, <c>4-1-3=0</c>, <c>=66</c>, one to a line;
    /// ten is added to a column that borrows, and the next one takes 1 away for it.
    /// </summary>
    internal static string WorkDifference(int a, int b)
    {
        var work = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{a}-{b}\n");
        int borrow = 0;
        for (int restA = a, restB = b; restA > 0; restA /= 10, restB /= 10)
        {
            bool borrows = restA % 10 - borrow < restB % 10;
            int top = restA % 10 + (borrows ? 10 : 0);
            int column = top - borrow - restB % 10;
            work.Append(CultureInfo.InvariantCulture, $"{top}{(borrow > 0 ? "-1" : "")}-{restB % 10}={column}\n");
            borrow = borrows ? 1 : 0;
        }
        return work.Append('=').Append(Text(a - b)).ToString();
    }

    private static bool Uses(string phrase, string placeholder) => phrase.Contains(placeholder, StringComparison.Ordinal);

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
