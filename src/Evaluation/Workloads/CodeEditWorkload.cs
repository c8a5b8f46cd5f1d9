using System.Globalization;

namespace Atlas.Evaluation.Workloads;

/// <summary>
/// A function in Python, JavaScript or C and an instruction (see <see cref="EditKind"/>); the completion is the whole function after the
/// edit, a copy but for one spot, or for every use of one name.
/// </summary>
internal sealed class CodeEditWorkload() : Workload("edits", singleAnswer: true, copyLike: true, AnswerFormat.Text)
{
    /// <inheritdoc/>
    protected override (string Prompt, string Completion) Generate(ItemDraw draw)
    {
        EditLanguage language = draw.Pick<EditLanguage>(EditLanguage.All);
        EditKind kind = draw.Pick<EditKind>([EditKind.Rename, .. Enum.GetValues<EditKind>()]);
        var code = new EditableCode(draw, language, kind);
        // Not every function has a number; every one has names.
        if (kind == EditKind.Constant && code.Keys('n').Length == 0)
            kind = EditKind.Rename;
        string before = code.ToString();
        var (phrases, old, replacement, at) = Apply(draw, code, kind, language);
        string prompt = PhraseBook.Fill(draw.Phrase(phrases), ("code", before), ("old", old), ("new", replacement), ("at", at));
        return (prompt, code.ToString());
    }

    /// <summary>Makes the edit, and tells how it is asked for.</summary>
    private static (PhraseBook Phrases, string Old, string New, string At) Apply(
        ItemDraw draw, EditableCode code, EditKind kind, EditLanguage language) => kind switch
        {
            EditKind.Operator => ReplaceOperator(draw, code),
            EditKind.Parameter => AddParameter(draw, code, language),
            EditKind.Deletion => DeleteCall(draw, code),
            _ => Replace(draw, code, kind),
        };

    private static (PhraseBook Phrases, string Old, string New, string At) ReplaceOperator(ItemDraw draw, EditableCode code)
    {
        var (variable, sign) = draw.Pick<(string, string)>(code.Operations.ToArray());
        string old = code[sign];
        code[sign] = draw.Pick<string>([.. EditableCode.OperatorSigns.Where(other => other != old)]);
        return (EditPhrases.Operators, old, code[sign], code[variable]);
    }

    private static (PhraseBook Phrases, string Old, string New, string At) AddParameter(
        ItemDraw draw, EditableCode code, EditLanguage language)
    {
        string added = Identifiers.Variable(draw);
        code["more"] = language.Declaration + added;
        return (EditPhrases.Parameters, code["b"], added, "");
    }

    private static (PhraseBook Phrases, string Old, string New, string At) DeleteCall(ItemDraw draw, EditableCode code)
    {
        var (line, function) = draw.Pick<(int, string)>(code.Notes.ToArray());
        code.Delete(line);
        return (EditPhrases.Deletions, code[function], "", "");
    }

    private static (PhraseBook Phrases, string Old, string New, string At) Replace(ItemDraw draw, EditableCode code, EditKind kind)
    {
        string[] keys = kind switch
        {
            EditKind.Constant => code.Keys('n'),
            EditKind.Message => code.Keys('s'),
            _ => ["f", "a", "b", .. code.Keys('v'), .. code.Keys('g')],
        };
        string key = draw.Pick<string>(keys);
        string old = code[key];
        code[key] = key[0] switch
        {
            'n' => draw.Number(10, 99_999).ToString(CultureInfo.InvariantCulture),
            's' => Things.Subject(draw),
            'f' or 'g' => Identifiers.Function(draw),
            _ => Identifiers.Variable(draw),
        };
        return (kind switch
        {
            EditKind.Constant => EditPhrases.Constants,
            EditKind.Message => EditPhrases.Messages,
            _ => EditPhrases.Renames,
        }, old, code[key], "");
    }
}
