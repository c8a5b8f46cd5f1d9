namespace Atlas.Evaluation.Workloads;

/// <summary>
/// A chat of one or two turns: notes, then a request to rewrite them in some manner (invitation, apology, reminder) or a question on a fact
/// in them. Requests are short and carry no fact, and one of two good answers is drawn at random, as people would answer.
/// </summary>
internal sealed class ChatWorkload() : Workload("chat", singleAnswer: false, copyLike: false, AnswerFormat.Text)
{
    private static readonly PhraseBook Layouts = new(
        [
            "User: {notes}\n{request}\nAssistant:",
            "User: {request}\n{notes}\nAssistant:",
            "User: {notes}\nAssistant: Noted. What shall I do with it?\nUser: {request}\nAssistant:",
            "{notes}\n\n{request}",
            "User: Here are my notes.\n{notes}\nAssistant: Thank you, I have them.\nUser: {request}\nAssistant:",
        ],
        [
            "User: {notes}\nAssistant: Thank you, noted.\nUser: {request}\nAssistant:",
            "User: Here are some notes.\n{notes}\n{request}\nAssistant:",
            "{request}\n\n{notes}",
            "User: {request} Notes: {notes}\nAssistant:",
            "Notes: {notes}\nTask: {request}",
        ]);

    /// <inheritdoc/>
    protected override (string Prompt, string Completion) Generate(ItemDraw draw)
    {
        ChatTopic topic = draw.Pick<ChatTopic>(ChatTopic.All);
        var facts = new (string Key, string Value)[topic.Facts.Length];
        for (int i = 0; i < facts.Length; i++)
            facts[i] = (topic.Facts[i].Name, topic.Facts[i].Value(draw));
        string notes = PhraseBook.Fill(draw.Phrase(topic.Notes), facts);
        var (requests, answers) = draw.Pick<(PhraseBook Requests, string[] Answers)>(topic.Tasks);
        string prompt = PhraseBook.Fill(draw.Phrase(Layouts), ("notes", notes), ("request", draw.Phrase(requests)));
        return (prompt, PhraseBook.Fill(draw.Pick<string>(answers), facts));
    }
}
