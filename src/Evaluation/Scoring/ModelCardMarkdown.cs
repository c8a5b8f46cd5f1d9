using System.Text;

namespace Atlas.Evaluation.Scoring;

/// <summary>The model card's table and samples as Markdown.</summary>
public static class ModelCardMarkdown
{
    /// <summary>Table and samples. Columns without a figure in any row are left out.</summary>
    public static string Write(ModelCard card)
    {
        var text = new StringBuilder();
        List<CardRow> rows = [.. card.Domains, .. card.Totals];
        var figures = CardFigure.All.Where(figure => rows.Exists(row => figure.Text(row).Length > 0)).ToList();
        Line(text, ["domain", "seen by the draft", .. figures.Select(figure => figure.Header)]);
        Line(text, ["---", "---", .. figures.Select(_ => "---:")]);
        foreach (var row in rows) Line(text, [row.Name, Seen(row), .. figures.Select(figure => figure.Text(row))]);
        foreach (var sample in card.Samples) Sample(text, sample);
        return text.ToString();
    }

    /// <summary>Whether the draft has seen a row's domain: <c>yes</c>, <c>no</c> or nothing.</summary>
    public static string Seen(CardRow row) => row.SeenByDraft switch { true => "yes", false => "no", null => "" };

    private static void Line(StringBuilder text, IEnumerable<string> cells) => text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");

    private static void Sample(StringBuilder text, CardSample sample)
    {
        string fence = new('`', Math.Max(3, LongestFence(sample.Prompt + "\n" + sample.Completion) + 1));
        text.Append('\n').Append(sample.Domain).Append(sample.Completion == sample.Expected ? ", as expected:\n\n" : ", not what was expected:\n\n");
        text.Append(fence).Append("text\n").Append(sample.Prompt).Append(sample.Completion).Append('\n').Append(fence).Append('\n');
    }

    private static int LongestFence(string text)
    {
        int longest = 0, run = 0;
        foreach (char character in text)
        {
            run = character == '`' ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }
        return longest;
    }
}
