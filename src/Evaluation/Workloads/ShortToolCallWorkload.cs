using System.Globalization;
using System.Text;

namespace Atlas.Evaluation.Workloads;

/// <summary>
/// A tool's signature and a request in one sentence; the completion is the call as one line of JSON, <c>name</c> and <c>arguments</c>,
/// the arguments in the order of the signature. The request mentions them in any order.
/// </summary>
internal sealed class ShortToolCallWorkload()
    : Workload("short-tools", singleAnswer: true, copyLike: false, AnswerFormat.Json, stream: "tools")
{
    private static readonly PhraseBook Layouts = new(
        [
            "Tool: {signature}\nRequest: {request}",
            "Function: {signature}\nUser: {request}",
            "You can call {signature}\nUser: {request}",
            "{signature}\n{request}",
        ],
        [
            "Tool: {signature}\nUser: {request}",
            "Function: {signature}\nRequest: {request}",
            "You can call {signature}\n{request}",
            "{signature}\nRequest: {request}",
            "User: {request}\nTool: {signature}",
            "{request}\nUse {signature}",
            "Call {signature} for this:\n{request}",
        ]);

    /// <inheritdoc/>
    protected override (string Prompt, string Completion) Generate(ItemDraw draw)
    {
        string tool = ToolNames.Draw(draw);
        ToolParameter[] kinds = draw.Some<ToolParameter>(ToolParameter.Kinds, draw.Between(1, 4));
        var signature = new StringBuilder(tool).Append('(');
        var call = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{{\"name\": \"{tool}\", \"arguments\": {{");
        string[] mentions = new string[kinds.Length];
        for (int i = 0; i < kinds.Length; i++)
        {
            ToolParameter kind = kinds[i];
            string name = draw.Pick<string>(kind.Names);
            string value = kind.Value(draw);
            string comma = i == 0 ? "" : ", ";
            signature.Append(CultureInfo.InvariantCulture, $"{comma}{name}: {kind.Type}");
            call.Append(CultureInfo.InvariantCulture, $"{comma}\"{name}\": {kind.Json(value)}");
            mentions[i] = PhraseBook.Fill(draw.Phrase(kind.Mention), ("value", value), ("name", name));
        }
        string request = ToolNames.Request(draw, tool, mentions);
        string prompt = PhraseBook.Fill(draw.Phrase(Layouts), ("signature", signature.Append(')').ToString()), ("request", request));
        return (prompt, call.Append("}}").ToString());
    }
}
