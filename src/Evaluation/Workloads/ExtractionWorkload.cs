namespace Atlas.Evaluation.Workloads;

/// <summary>
/// A letter of four sentences, in any order, that states seven to nine fields, and the names of four to seven of them; the completion gives
/// one line <c>field: value</c> for each, in the order asked.
/// </summary>
internal sealed class ExtractionWorkload() : Workload("extraction", singleAnswer: true, copyLike: false, AnswerFormat.Text)
{
    private static readonly PhraseBook Layouts = PhraseBook.HoldingOut(
        [
            "Text: {text}\nFields: {fields}",
            "{text}\nFind the fields {fields}.",
            "Extract these fields: {fields}\n{text}",
            "Letter: {text}\nFill in {fields}.",
        ],
        PhraseParts.EitherOrder(
            ["{text}", "Text: {text}", "Letter:\n{text}", "Letter: {text}", "Message: {text}", "Here is a text. {text}"], "\n",
            [
                "Fields: {fields}", "Extract: {fields}", "Extract {fields} from the text.", "Find these fields: {fields}", "Find {fields}.",
                "List the {fields}.", "Give me {fields}.", "Fill in this form: {fields}", "Fill in: {fields}", "Extract the fields {fields}.",
                "Get {fields} out of it.", "I need {fields}.", "Form: {fields}",
            ]));

    private static readonly PhraseBook Openings = PhraseBook.HoldingOut(
        ["Hi all! ", "Dear office,\n", "For the file: "],
        ["", "Good morning.\n", "To whom it may concern:\n", "Just a line. ", "This is for you. ", "News: ", "As agreed: ", "Some facts. "],
        PhraseParts.Join(["Hello", "Hi", "Dear team", "Dear all", "Dear friends", "Note", "Memo", "For you", "For the office", "Good evening"], ["! ", ",\n", ": "]));

    /// <inheritdoc/>
    protected override (string Prompt, string Completion) Generate(ItemDraw draw)
    {
        DocumentKind kind = draw.Pick<DocumentKind>(DocumentKind.All);
        var values = new (string Key, string Value)[kind.Fields.Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = (kind.Fields[i].Name, kind.Fields[i].Value(draw));
        var sentences = draw.Some<PhraseBook>(kind.Sentences, kind.Sentences.Length).Select(book => PhraseBook.Fill(draw.Phrase(book), values));
        string text = draw.Phrase(Openings) + string.Join(' ', sentences);
        var wanted = draw.Some<(string Key, string Value)>(values, draw.Between(4, 7));
        string prompt = PhraseBook.Fill(
            draw.Phrase(Layouts), ("text", text), ("fields", string.Join(", ", wanted.Select(field => field.Key))));
        return (prompt, string.Join('\n', wanted.Select(field => $"{field.Key}: {field.Value}")));
    }
}
