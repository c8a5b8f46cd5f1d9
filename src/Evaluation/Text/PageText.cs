using System.Text;

namespace Atlas.Evaluation.Text;

/// <summary>The text of a manual page while it is rendered: lines, filled to a width unless they are an example.</summary>
internal sealed class PageText
{
    private const int Width = 78;
    private const int Step = 4;

    private readonly StringBuilder _text = new();
    private readonly StringBuilder _line = new();
    private bool _fill = true;
    private bool _tagFollows;
    private int _shift;
    private int _hang;

    private int Indent => Step * (1 + _shift) + _hang;

    public void Title(List<string> arguments)
    {
        if (arguments.Count > 1) _text.Append(arguments[0]).Append('(').Append(arguments[1]).Append(")\n");
    }

    public void Heading(string text)
    {
        (_shift, _fill) = (0, true);
        Paragraph(indent: 0);
        _text.Append(text).Append('\n');
    }

    /// <summary>A blank line; <paramref name="indent"/> 0 goes back to the indentation of the section's text.</summary>
    public void Paragraph(int? indent = null)
    {
        Break();
        if (indent is { } hang) _hang = hang;
        if (_text.Length > 0) _text.Append('\n');
    }

    /// <summary>A paragraph whose tag is the next text.</summary>
    public void Tagged()
    {
        Paragraph(indent: 0);
        _tagFollows = true;
    }

    /// <summary>An indented paragraph with its tag.</summary>
    public void Tagged(string tag)
    {
        Tagged();
        if (tag.Length > 0) Text(tag);
        (_tagFollows, _hang) = (false, Step);
    }

    public void Shift(int steps)
    {
        Break();
        _shift = Math.Max(0, _shift + steps);
        _hang = 0;
    }

    public void Fill(bool fill)
    {
        Break();
        _fill = fill;
    }

    /// <summary>Adds text; <paramref name="brk"/> begins a new line with it.</summary>
    public void Text(string text, bool brk = false)
    {
        if (brk) Break();
        if (!_fill)
        {
            _text.Append(' ', Indent).Append(text).Append('\n');
            return;
        }
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (_line.Length > 0 && _line.Length + 1 + word.Length > Width) Break();
            if (_line.Length == 0) _line.Append(' ', Indent);
            else _line.Append(' ');
            _line.Append(word);
        }
        if (!_tagFollows) return;
        Break();
        (_tagFollows, _hang) = (false, Step);
    }

    public void Break()
    {
        if (_line.Length > 0) _text.Append(_line).Append('\n');
        _line.Clear();
    }

    public override string ToString()
    {
        Break();
        return _text.ToString();
    }
}
