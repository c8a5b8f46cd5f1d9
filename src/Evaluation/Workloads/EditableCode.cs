using System.Globalization;

namespace Atlas.Evaluation.Workloads;

/// <summary>
/// A function in the making: its lines with numbered placeholders (<c>{v2}</c>, <c>{g0}</c>, <c>{n1}</c>) and what they stand for, so that
/// an edit is one changed binding or line. Every name and number in it is drawn afresh.
/// </summary>
internal sealed class EditableCode
{
    /// <summary>The arithmetic operators, of which edits replace one by another.</summary>
    public static readonly string[] OperatorSigns = ["+", "-", "*", "/", "%"];

    private readonly ItemDraw _draw;
    private readonly List<string> _lines = [];
    private readonly List<(string Key, string Value)> _bindings = [];
    private readonly List<string> _readable = ["a", "b"];

    /// <summary>Draws a function of four to six statements.</summary>
    /// <param name="draw">The item's draws.</param>
    /// <param name="language">The function's language.</param>
    /// <param name="kind">An edit that the function must have a place for.</param>
    public EditableCode(ItemDraw draw, EditLanguage language, EditKind kind)
    {
        _draw = draw;
        _bindings.Add(("f", Identifiers.Function(draw)));
        _bindings.Add(("a", Identifiers.Variable(draw)));
        _bindings.Add(("b", Identifiers.Variable(draw)));
        _bindings.Add(("more", ""));
        _lines.Add(draw.Pick<string>(language.Headers));
        string[][] pools = [language.Operations, language.Calls, language.Blocks, language.Notes];
        List<string[]> chosen = [language.Operations, language.Calls];
        chosen.Add(kind switch
        {
            EditKind.Message => [.. language.Notes.Where(note => note.Contains("{s}", StringComparison.Ordinal))],
            EditKind.Deletion => language.Notes,
            _ => language.Blocks,
        });
        for (int i = draw.Between(0, 2); i > 0; i--)
            chosen.Add(draw.Pick<string[]>(pools));
        foreach (string[] pool in draw.Some<string[]>(chosen.ToArray(), chosen.Count))
            Add(draw.Pick<string>(pool));
        Add(draw.Pick<string>(language.Returns));
        if (language.Footer.Length > 0)
            _lines.Add(language.Footer);
    }

    /// <summary>Indices of lines that only call a function, and the keys of these functions.</summary>
    public List<(int Line, string Function)> Notes { get; } = [];

    /// <summary>Keys of variables set by an operator, and of these operators.</summary>
    public List<(string Variable, string Operator)> Operations { get; } = [];

    /// <summary>Keys that start with a letter: <c>v</c> variables, <c>g</c> called functions, <c>n</c> numbers, <c>s</c> texts.</summary>
    public string[] Keys(char letter) => [.. _bindings.Select(binding => binding.Key).Where(key => key[0] == letter && key.Length > 1)];

    /// <summary>What a key stands for.</summary>
    public string this[string key]
    {
        get => _bindings.First(binding => binding.Key == key).Value;
        set => _bindings[_bindings.FindIndex(binding => binding.Key == key)] = (key, value);
    }

    /// <summary>Takes a line out.</summary>
    public void Delete(int line) => _lines.RemoveAt(line);

    /// <summary>The code as it stands.</summary>
    public override string ToString() => CodeTemplate.Fill(string.Join('\n', _lines), _bindings.ToArray());

    private void Add(string template)
    {
        string line = template;
        string? set = null, operation = null, called = null;
        string[] read = _draw.Some<string>(_readable.ToArray(), 2);
        foreach (string letter in (ReadOnlySpan<string>)["v", "x", "y", "g", "h", "n", "s", "o"])
        {
            string open = $"{{{letter}}}";
            if (!line.Contains(open, StringComparison.Ordinal))
                continue;
            string key = letter switch
            {
                "x" => read[0],
                "y" => read[1],
                "v" => set = Bind("v", Identifiers.Variable(_draw)),
                "g" => called = Bind("g", Identifiers.Function(_draw)),
                "h" => Bind("g", Identifiers.Function(_draw)),
                "n" => Bind("n", _draw.Number(10, 99_999).ToString(CultureInfo.InvariantCulture)),
                "s" => Bind("s", Things.Subject(_draw)),
                _ => operation = Bind("o", _draw.Pick<string>(OperatorSigns)),
            };
            line = line.Replace(open, $"{{{key}}}", StringComparison.Ordinal);
        }
        bool block = line.Contains('\n', StringComparison.Ordinal);
        if (set is not null && !block)
            _readable.Add(set);
        if (set is not null && operation is not null)
            Operations.Add((set, operation));
        _lines.AddRange(line.Split('\n'));
        if (called is not null && set is null && !block && !line.Contains("return", StringComparison.Ordinal))
            Notes.Add((_lines.Count - 1, called));
    }

    private string Bind(string letter, string value)
    {
        string key = string.Create(CultureInfo.InvariantCulture, $"{letter}{_bindings.Count}");
        _bindings.Add((key, value));
        return key;
    }
}
