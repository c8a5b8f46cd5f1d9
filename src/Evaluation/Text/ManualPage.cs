namespace Atlas.Evaluation.Text;

/// <summary>
/// Renders a manual page written with the <c>man</c> macros of roff as plain text: headings at the margin, paragraphs filled, examples as
/// they stand. It knows headings, paragraphs, tagged and indented paragraphs, fonts, examples and links; it leaves out tables, equations,
/// macro definitions and conditional parts. Pages of other macro packages, and pages that only name another, give an empty text. It is no
/// replacement for groff: it makes the same text on a machine that has none.
/// </summary>
internal static class ManualPage
{
    /// <summary>The text of a page.</summary>
    public static string Render(string source)
    {
        var page = new PageText();
        var lines = new Queue<string>(source.ReplaceLineEndings("\n").Split('\n'));
        while (lines.TryDequeue(out string? line))
        {
            if (line.Length == 0) page.Paragraph();
            else if (line[0] is not ('.' or '\'')) page.Text(RoffEscapes.Replace(line), brk: line[0] == ' ');
            else if (!Request(line, lines, page)) return "";
        }
        return page.ToString();
    }

    // False for a page that is not written with the man macros.
    private static bool Request(string line, Queue<string> lines, PageText page)
    {
        var words = Words(line[1..]);
        string name = words.Count == 0 ? "" : words[0];
        var arguments = words.Skip(1).Select(RoffEscapes.Replace).ToList();
        switch (name)
        {
            case "Dd" or "Dt" or "Sh" or "so": return false;
            case "de" or "de1" or "am" or "ig": Skip(lines, ".."); break;
            case "TS": Skip(lines, ".TE"); break;
            case "EQ": Skip(lines, ".EN"); break;
            case "if" or "ie" or "el" or "while": SkipBlock(line, lines); break;
            case "TH": page.Title(arguments); break;
            case "SH" or "SS": page.Heading(arguments.Count > 0 ? string.Join(' ', arguments) : Next(lines)); break;
            case "PP" or "P" or "LP": page.Paragraph(indent: 0); break;
            case "sp": page.Paragraph(); break;
            case "br": page.Break(); break;
            case "TP" or "TQ" or "HP": page.Tagged(); break;
            case "IP": page.Tagged(arguments.FirstOrDefault() ?? ""); break;
            case "RS": page.Shift(1); break;
            case "RE": page.Shift(-1); break;
            case "nf" or "EX": page.Fill(false); break;
            case "fi" or "EE": page.Fill(true); break;
            case "B" or "I" or "R" or "SM" or "SB" or "UR" or "MT":
                page.Text(arguments.Count > 0 ? string.Join(' ', arguments) : Next(lines));
                break;
            case "BR" or "RB" or "IR" or "RI" or "BI" or "IB": page.Text(string.Concat(arguments)); break;
        }
        return true;
    }

    private static string Next(Queue<string> lines) =>
        lines.TryPeek(out string? next) && next.Length > 0 && next[0] is not ('.' or '\'') ? RoffEscapes.Replace(lines.Dequeue()) : "";

    private static void Skip(Queue<string> lines, string end)
    {
        while (lines.TryDequeue(out string? line) && !line.StartsWith(end, StringComparison.Ordinal)) { }
    }

    private static void SkipBlock(string line, Queue<string> lines)
    {
        int open = Braces(line);
        while (open > 0 && lines.TryDequeue(out string? next)) open += Braces(next);
    }

    private static int Braces(string line)
    {
        int open = 0;
        for (int i = line.IndexOf('\\', StringComparison.Ordinal); i >= 0 && i + 1 < line.Length; i = line.IndexOf('\\', i + 2))
        {
            if (line[i + 1] == '{') open++;
            if (line[i + 1] == '}') open--;
            if (i + 2 >= line.Length) break;
        }
        return open;
    }

    // Blanks part words but in double quotes and behind a backslash; a doubled quote within quotes stands for itself.
    private static List<string> Words(string text)
    {
        var words = new List<string>();
        int i = 0;
        while (true)
        {
            while (i < text.Length && (text[i] is ' ' or '\t')) i++;
            if (i >= text.Length || text.AsSpan(i).StartsWith("\\\"")) return words;
            bool quoted = text[i] == '"';
            if (quoted) i++;
            var word = new System.Text.StringBuilder();
            while (i < text.Length && (quoted ? text[i] != '"' || text.AsSpan(i).StartsWith("\"\"") : text[i] is not (' ' or '\t')))
            {
                if (quoted && text[i] == '"') i++;
                else if (text[i] == '\\' && i + 1 < text.Length) word.Append(text[i++]);
                word.Append(text[i++]);
            }
            i++;
            words.Add(word.ToString());
        }
    }
}
