using System.Text;

namespace Atlas.Evaluation.Text;

/// <summary>
/// Replaces the escape sequences of roff text by plain characters: fonts, sizes and motions vanish, named characters become the character
/// where the table has it and vanish otherwise.
/// </summary>
internal static class RoffEscapes
{
    // Names and what they stand for, in turns.
    private const string Characters =
        """
        aq ' dq " lq " rq " oq ' cq ' ga ` aa ' ha ^ ti ~ hy - mi - en - em -- bu * co (C) rg (R) tm (TM) rs \ bv | ba | at @ sh # Do $
        lB [ rB ] lC { rC } -> -> <- <- <= <= >= >= != != +- +- mu x pl + eq = ** * sl / ul _ fm '
        """;

    private static readonly Dictionary<string, string> Named = Characters.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries)
        .Chunk(2).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);

    /// <summary>The text of one line without escapes, up to a comment.</summary>
    public static string Replace(string line)
    {
        if (!line.Contains('\\', StringComparison.Ordinal)) return line;
        var text = new StringBuilder(line.Length);
        int i = 0;
        while (i < line.Length)
        {
            if (line[i] != '\\')
            {
                text.Append(line[i++]);
                continue;
            }
            if (++i == line.Length || line[i] == '"') break;
            char kind = line[i++];
            switch (kind)
            {
                case '-' or '.' or '\\': text.Append(kind); break;
                case 'e': text.Append('\\'); break;
                case ' ' or '~' or '0': text.Append(' '); break;
                case '\'' or '`': text.Append(kind); break;
                case '(' or '[':
                    i--;
                    text.Append(Named.GetValueOrDefault(Name(line, ref i), ""));
                    break;
                case '*': text.Append(Named.GetValueOrDefault(Name(line, ref i), "")); break;
                case 'f' or 'n' or 'm' or 'F': Name(line, ref i); break;
                case 's': Size(line, ref i); break;
                case 'h' or 'v' or 'w' or 'D' or 'l' or 'L' or 'o' or 'z' or 'Z': Quoted(line, ref i); break;
            }
        }
        return text.ToString();
    }

    // A name in one of its three forms: x, (xx, [any].
    private static string Name(string line, ref int i)
    {
        if (i >= line.Length) return "";
        int start = i, end;
        if (line[i] == '[')
        {
            int close = line.IndexOf(']', i);
            (start, end) = (i + 1, close < 0 ? line.Length : close);
            i = Math.Min(line.Length, end + 1);
        }
        else
        {
            if (line[i] == '(') start = i + 1;
            end = Math.Min(line.Length, start + (line[i] == '(' ? 2 : 1));
            i = end;
        }
        return line[Math.Min(start, end)..end];
    }

    private static void Size(string line, ref int i)
    {
        if (i < line.Length && (line[i] is '+' or '-')) i++;
        if (i < line.Length && (line[i] is '(' or '[')) Name(line, ref i);
        else if (i < line.Length && char.IsAsciiDigit(line[i])) i++;
    }

    private static void Quoted(string line, ref int i)
    {
        if (i >= line.Length) return;
        int close = line.IndexOf(line[i], i + 1);
        i = close < 0 ? line.Length : close + 1;
    }
}
