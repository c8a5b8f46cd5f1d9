using System.Globalization;

namespace Atlas.Evaluation.Workloads;

/// <summary>
/// One to three tools, each with the schema of its parameters in JSON, and a request; the completion is the call as JSON: the tool that the
/// request speaks of, and its arguments in the schema's order, as the request has them.
/// </summary>
internal sealed class ToolCallWorkload() : Workload("tools", singleAnswer: true, copyLike: true, AnswerFormat.Json)
{
    private const int MostOthers = 2;

    private static readonly string[] Lists =
        ["Tools:\n{tools}", "You can call these tools:\n{tools}", "Available tools:\n{tools}", "Functions:\n{tools}", "Call one of these tools:\n{tools}",
         "There are these functions:\n{tools}", "{tools}"];

    private static readonly string[] Asking = ["User: {request}", "Request: {request}", "{request}", "Task: {request}", "Message: {request}"];

    private static readonly PhraseBook Layouts = PhraseBook.HoldingOut(
        [
            "Available tools:\n{tools}\nRequest: {request}",
            "Request: {request}\nTools:\n{tools}",
            "Functions:\n{tools}\n\nUser: {request}",
            "{request}\n\nCall one of these tools:\n{tools}",
        ],
        PhraseParts.EitherOrder(Lists, "\n", Asking),
        PhraseParts.EitherOrder(Lists, "\n\n", Asking));

    /// <inheritdoc/>
    protected override (string Prompt, string Completion) Generate(ItemDraw draw)
    {
        string tool = ToolFamily.Tool(draw);
        ToolParameter[] kinds = draw.Some<ToolParameter>(ToolParameter.Kinds, draw.Between(3, 5));
        string[] names = [.. kinds.Select(kind => draw.Pick<string>(kind.Names))];
        string[] arguments = new string[kinds.Length];
        string[] mentions = new string[kinds.Length];
        for (int i = 0; i < kinds.Length; i++)
        {
            string value = kinds[i].Value(draw);
            arguments[i] = $"\"{names[i]}\": {kinds[i].Json(value)}";
            mentions[i] = PhraseBook.Fill(draw.Phrase(kinds[i].Mention), ("value", value), ("name", names[i]));
        }
        string[] schemas = [Schema(tool, names, kinds), .. Enumerable.Range(0, draw.Between(0, MostOthers)).Select(_ => Other(draw))];
        string request = ToolNames.Request(draw, tool, mentions);
        string prompt = PhraseBook.Fill(
            draw.Phrase(Layouts), ("tools", string.Join('\n', draw.Some<string>(schemas, schemas.Length))), ("request", request));
        return (prompt, string.Create(CultureInfo.InvariantCulture, $"{{\"name\": \"{tool}\", \"arguments\": {{{string.Join(", ", arguments)}}}}}"));
    }

    /// <summary>A tool that the request does not ask for.</summary>
    private static string Other(ItemDraw draw)
    {
        string tool = ToolFamily.Tool(draw);
        ToolParameter[] kinds = draw.Some<ToolParameter>(ToolParameter.Kinds, draw.Between(1, 3));
        return Schema(tool, [.. kinds.Select(kind => draw.Pick<string>(kind.Names))], kinds);
    }

    private static string Schema(string tool, string[] names, ToolParameter[] kinds) =>
        $"{{\"name\": \"{tool}\", \"parameters\": {{{string.Join(", ", names.Zip(kinds, (name, kind) => $"\"{name}\": \"{kind.Type}\""))}}}}}";
}
