namespace Atlas.Evaluation.Workloads;

/// <summary>Names of tools, a verb and a noun joined by an underscore, and how a request speaks of the tool it needs.</summary>
internal static class ToolNames
{
    // {verb} and {noun} are the words of the tool's name, {details} the arguments.
    private static readonly PhraseBook Requests = PhraseBook.HoldingOut(
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
        ],
        PhraseParts.Join(
            [
                "Please {verb}", "Can you {verb}", "Could you {verb}", "Would you {verb}", "Can we {verb}", "I want to {verb}", "I need you to {verb}",
                "We need to {verb}", "Now {verb}", "Next, {verb}", "First {verb}", "Help me {verb}", "Now help me {verb}", "Let us {verb}",
                "You must {verb}", "You should {verb}", "Someone should {verb}", "They asked us to {verb}", "My boss asked me to {verb}",
                "My next job is to {verb}", "It is time to {verb}", "It would be good to {verb}", "Do not forget to {verb}", "{verb}",
            ],
            [" a {noun} ", " the {noun} ", " this {noun} ", " that {noun} ", " a new {noun} ", " one {noun} ", " one more {noun} ", " our {noun} ", " {noun} "],
            ["{details}.", "{details}?", "{details}, please.", "{details}"]));

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

    /// <summary>A tool, such as <c>cancel_flight</c>.</summary>
    public static string Draw(ItemDraw draw) => draw.Entity(d => $"{d.Pick<string>(Verbs)}_{d.Pick<string>(Nouns)}");

    /// <summary>A request that needs <paramref name="tool"/> and mentions its arguments, in any order.</summary>
    public static string Request(ItemDraw draw, string tool, string[] mentions)
    {
        string[] words = tool.Split('_');
        return PhraseBook.Fill(
            draw.Phrase(Requests),
            ("verb", words[0]),
            ("noun", words[1]),
            ("details", string.Join(' ', draw.Some<string>(mentions, mentions.Length))));
    }
}
