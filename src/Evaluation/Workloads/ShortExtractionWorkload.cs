namespace Atlas.Evaluation.Workloads;

/// <summary>
/// A short text and the names of some of the fields in it; the completion gives one line <c>field: value</c> for each, in the order asked.
/// </summary>
internal sealed class ShortExtractionWorkload()
    : Workload("short-extraction", singleAnswer: true, copyLike: false, AnswerFormat.Text, stream: "extraction")
{
    private static readonly PhraseBook Layouts = new(
        [
            "{text}\nFields: {fields}",
            "{text}\nExtract: {fields}",
            "Extract {fields} from the text.\n{text}",
            "Find these fields: {fields}\nText: {text}",
            "{text}\nList the {fields}.",
            "Text: {text}\nGive me {fields}.",
        ],
        [
            "Text: {text}\nFields: {fields}",
            "{text}\nFind the fields {fields}.",
            "Extract these fields: {fields}\n{text}",
        ]);

    /// <inheritdoc/>
    protected override (string Prompt, string Completion) Generate(ItemDraw draw)
    {
        RecordKind kind = draw.Pick<RecordKind>(RecordKind.Kinds);
        var values = new (string Key, string Value)[kind.Fields.Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = (kind.Fields[i].Name, kind.Fields[i].Value(draw));
        string text = PhraseBook.Fill(draw.Phrase(kind.Texts), values);
        var wanted = draw.Some<(string Key, string Value)>(values, draw.Between(2, 4));
        string prompt = PhraseBook.Fill(
            draw.Phrase(Layouts), ("text", text), ("fields", string.Join(", ", wanted.Select(field => field.Key))));
        return (prompt, string.Join('\n', wanted.Select(field => $"{field.Key}: {field.Value}")));
    }
}
