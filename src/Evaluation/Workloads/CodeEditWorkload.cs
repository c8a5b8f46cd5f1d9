using System.Globalization;

namespace Atlas.Evaluation.Workloads;

/// <summary>
/// A function of three to six lines and an instruction to rename one identifier or change one constant; the completion is the whole
/// function after the edit.
/// </summary>
internal sealed class CodeEditWorkload() : Workload("edits", singleAnswer: true, AnswerFormat.Text)
{
    private static readonly string[] Names = ["f", "a", "b", "c"];

    private static readonly PhraseBook Renames = new(
        [
            "Rename {old} to {new}.\n{code}",
            "{code}\nRename {old} to {new}.",
            "Use the name {new} instead of {old}.\n{code}",
            "{code}\nCall {old} {new} from now on.",
            "In this code, {old} should be named {new}.\n{code}",
            "Replace the name {old} by {new}:\n{code}",
            "{code}\nPlease replace {old} with {new}.",
        ],
        [
            "{code}\nUse the name {new} instead of {old}.",
            "Please rename {old} to {new}:\n{code}",
            "{code}\nReplace the name {old} with {new}.",
            "Rename {old} to {new} in this code.\n{code}",
            "{code}\nFrom now on, call {old} {new}.",
            "{code}\nEverywhere, {old} should be {new}.",
            "Write {new} in place of {old}.\n{code}",
            "{code}\nThe name {old} is wrong, it must be {new}.",
            "Here {old} becomes {new}:\n{code}",
            "{code}\nGive {old} the new name {new}.",
        ]);

    private static readonly PhraseBook Changes = new(
        [
            "Change {old} to {new}.\n{code}",
            "{code}\nChange {old} to {new}.",
            "Use {new} instead of {old}.\n{code}",
            "{code}\nThe constant {old} should be {new}.",
            "Set the constant {old} to {new}:\n{code}",
            "{code}\nPlease replace the number {old} with {new}.",
        ],
        [
            "{code}\nUse {new} instead of {old}.",
            "Please change the constant {old} to {new}:\n{code}",
            "{code}\nReplace the number {old} with {new}.",
            "Set {old} to {new}.\n{code}",
            "{code}\nThe number {old} should be {new}.",
            "Write {new} in place of {old}:\n{code}",
            "{code}\nThe number {old} is wrong, it must be {new}.",
            "Here {old} becomes {new}.\n{code}",
            "{code}\nMake it {new} where it says {old}.",
            "{code}\nWe need {new}, not {old}.",
        ]);

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
            draw.Phrase(rename ? Renames : Changes), ("old", old), ("new", replacement), ("code", CodeTemplate.Fill(skeleton, bindings)));
        bindings[edited].Value = replacement;
        return (prompt, CodeTemplate.Fill(skeleton, bindings));
    }

    private static string Constant(ItemDraw draw) => draw.Number(10, 9999).ToString(CultureInfo.InvariantCulture);
}
