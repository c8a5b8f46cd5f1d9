using System.Globalization;
using System.Text;

namespace Atlas.Evaluation.Workloads;

/// <summary>
/// A tool's signature and a request in one sentence; the completion is the call as one line of JSON, <c>name</c> and <c>arguments</c>,
/// the arguments in the order of the signature. The request mentions them in any order.
/// </summary>
internal sealed class ToolCallWorkload() : Workload("tools", singleAnswer: true, AnswerFormat.Json)
{
    private static readonly string[] Verbs =
    [
        "add", "archive", "book", "build", "buy", "cancel", "check", "close", "copy", "create", "delete", "draw", "edit", "export",
        "fetch", "file", "find", "import", "list", "log", "make", "mark", "move", "open", "order", "pack", "pause", "plan", "post",
        "print", "read", "rename", "rent", "reserve", "save", "send", "share", "show", "sort", "start", "stop", "store", "track",
        "update",
    ];

    private static readonly string[] Nouns =
    [
        "balance", "gallery", "signal", "column", "backup", "badge", "camera", "chart", "channel", "contact", "device", "document",
        "festival", "factory", "flight", "folder", "form", "game", "hotel", "job", "ledger", "license", "machine", "map", "message",
        "model", "page", "parcel", "photo", "poll", "profile", "queue", "recipe", "record", "room", "route", "script", "sensor", "server",
        "shift", "station", "table", "task", "ticket", "timer", "token", "tracker", "vehicle", "video", "voucher",
    ];

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

    private static readonly PhraseBook Requests = new(
        [
            "Please {verb} a {noun} {details}.",
            "Can you {verb} a {noun} {details}?",
            "I want to {verb} a {noun} {details}.",
            "We need to {verb} the {noun} {details}.",
            "Now {verb} the {noun} {details}.",
            "Help me {verb} this {noun} {details}.",
            "It is time to {verb} a new {noun} {details}.",
            "{verb} {noun} {details}",
        ],
        [
            "I need you to {verb} a {noun} {details}.",
            "Please {verb} the {noun} {details}.",
            "Can we {verb} a new {noun} {details}?",
            "Would you {verb} one more {noun} {details}?",
            "{verb} this {noun} {details}, please.",
            "My next job is to {verb} the {noun} {details}.",
            "Someone should {verb} the {noun} {details}.",
            "Next, {verb} one {noun} {details}.",
            "You must {verb} a {noun} {details}.",
            "Let us {verb} a {noun} {details}.",
            "They asked us to {verb} the {noun} {details}.",
            "First {verb} that {noun} {details}.",
            "It would be good to {verb} a {noun} {details}.",
            "Now help me {verb} a {noun} {details}.",
        ]);

    /// <inheritdoc/>
    protected override (string Prompt, string Completion) Generate(ItemDraw draw)
    {
        string tool = draw.Entity(d => $"{d.Pick<string>(Verbs)}_{d.Pick<string>(Nouns)}");
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
        string[] words = tool.Split('_');
        string request = PhraseBook.Fill(
            draw.Phrase(Requests),
            ("verb", words[0]),
            ("noun", words[1]),
            ("details", string.Join(' ', draw.Some<string>(mentions, mentions.Length))));
        string prompt = PhraseBook.Fill(draw.Phrase(Layouts), ("signature", signature.Append(')').ToString()), ("request", request));
        return (prompt, call.Append("}}").ToString());
    }
}
