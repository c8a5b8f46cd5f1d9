using System.Globalization;

namespace Atlas.Evaluation.Workloads;

/// <summary>
/// A function of three to six lines and an instruction to rename one identifier or change one constant; the completion is the whole
/// function after the edit.
/// </summary>
internal sealed class ShortCodeEditWorkload()
    : Workload("short-edits", singleAnswer: true, copyLike: true, AnswerFormat.Text, stream: "edits")
{
    private static readonly string[] Names = ["f", "a", "b", "c"];

    /// <inheritdoc/>
    protected override (string Prompt, string Completion) Generate(ItemDraw draw)
    {
        string skeleton = draw.Pick<CodeLanguage>(CodeLanguage.All).Skeleton(draw);
        (string Key, string Value)[] bindings =
        [
            ("f", Identifiers.Function(draw)),
            ("a", Identifiers.Variable(draw)),
            ("b", Identifiers.Variable(draw)),
            ("c", Identifiers.Variable(draw)),
            ("n", Constant(draw)),
            ("m", Constant(draw)),
            ("s", Things.Subject(draw)),
        ];
        bool rename = draw.OneIn(2);
        string key = rename ? draw.Pick<string>(Names) : skeleton.Contains("{m}", StringComparison.Ordinal) && draw.OneIn(2) ? "m" : "n";
        int edited = Array.FindIndex(bindings, binding => binding.Key == key);
        string old = bindings[edited].Value;
        string replacement = !rename ? Constant(draw) : key == "f" ? Identifiers.Function(draw) : Identifiers.Variable(draw);
        string prompt = PhraseBook.Fill(
            draw.Phrase(rename ? EditPhrases.Renames : EditPhrases.Constants), ("old", old), ("new", replacement), ("code", CodeTemplate.Fill(skeleton, bindings)));
        bindings[edited].Value = replacement;
        return (prompt, CodeTemplate.Fill(skeleton, bindings));
    }

    private static string Constant(ItemDraw draw) => draw.Number(10, 9999).ToString(CultureInfo.InvariantCulture);
}
