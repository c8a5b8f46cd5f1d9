using System.Globalization;

namespace Atlas.Evaluation.Workloads;

/// <summary>
/// The head of a function in Rust, PHP or Ruby and a comment on what it does; the completion is its body, three to ten lines without the
/// outer indentation. Only the names and constants stand in the prompt; how the thing is written must be known. Each task has one manner in
/// a language, so that a body is determined by its prompt.
/// </summary>
internal sealed class CodeCompletionWorkload() : Workload("completion", singleAnswer: true, copyLike: false, AnswerFormat.Text)
{
    private static readonly string[] Entries =
    [
        "account", "article", "asset", "booking", "branch", "bucket", "camera", "channel", "client", "comment", "container", "course",
        "customer", "device", "document", "driver", "employee", "event", "flight", "folder", "game", "host", "image", "invoice", "item",
        "job", "lesson", "machine", "member", "message", "meter", "order", "package", "page", "parcel", "patient", "payment", "player",
        "product", "project", "record", "reply", "request", "room", "route", "sensor", "server", "session", "shipment", "station", "student",
        "task", "team", "ticket", "trip", "user", "vehicle", "visit", "worker",
    ];

    private static readonly (string Head, Func<CodeGoal, string> Body, Func<CodeFilter, string> Condition)[] Languages =
    [
        ("/// {text}\nfn {f}({a}: &mut [{T}], {b}: u64) -> {R} {", goal => goal.Rust, filter => filter.Rust),
        ("// {text}\nfunction {f}(array ${a}, ${b}) {", goal => goal.Php, filter => filter.Php),
        ("# {text}\ndef {f}({a}, {b})", goal => goal.Ruby, filter => filter.Ruby),
    ];

    private static readonly PhraseBook Layouts = PhraseBook.HoldingOut(
        [
            "Complete the body of this function.\n{head}",
            "{head}\nFinish this function.",
            "Code:\n{head}\nBody:",
        ],
        PhraseParts.Join(["", "Code:\n", "Function:\n", "Given this head:\n"], ["{head}"], ["", "\nBody:", "\nRest:", "\nWhat comes next?"]),
        PhraseParts.EitherOrder(
            ["{head}"], "\n",
            [
                "Write the body.", "Write the body of this function.", "Complete this function:", "Complete the function.", "Finish the code.",
                "Finish this code.", "Continue.", "Please write the rest.", "Please complete the body.", "Implement this function.",
            ]));

    /// <inheritdoc/>
    protected override (string Prompt, string Completion) Generate(ItemDraw draw)
    {
        CodeGoal goal = draw.Pick<CodeGoal>(CodeGoal.All);
        CodeFilter filter = draw.Pick<CodeFilter>(CodeFilter.All);
        var (head, body, condition) = draw.Pick<(string, Func<CodeGoal, string>, Func<CodeFilter, string>)>(Languages);
        string entry = draw.Pick<string>(Entries);
        string words = draw.Phrase(goal.Words);
        string which = draw.Phrase(filter.Words);
        (string, string)[] bindings =
        [
            ("which", which),
            ("if", condition(filter)),
            ("f", Identifiers.Function(draw)),
            ("i", entry),
            ("a", Plural(entry)),
            ("b", Identifiers.Variable(draw)),
            ("x", Identifiers.Variable(draw)),
            ("y", Identifiers.Variable(draw)),
            ("m", draw.Number(2, 9999).ToString(CultureInfo.InvariantCulture)),
            ("n", Uses(which, "{n}") ? draw.Number(2, 9999).ToString(CultureInfo.InvariantCulture) : ""),
            ("s", Uses(which, "{s}") ? Things.Subject(draw) : ""),
        ];
        string header = head.Replace("{text}", words, StringComparison.Ordinal)
            .Replace("{R}", goal.RustType, StringComparison.Ordinal)
            .Replace("{T}", char.ToUpperInvariant(entry[0]) + entry[1..], StringComparison.Ordinal);
        string prompt = draw.Phrase(Layouts).Replace("{head}", CodeTemplate.Fill(header, bindings), StringComparison.Ordinal);
        return (prompt, CodeTemplate.Fill(body(goal), bindings));
    }

    private static string Plural(string entry) =>
        entry[^1] == 'y' ? $"{entry[..^1]}ies" : entry[^1] == 'h' ? $"{entry}es" : $"{entry}s";

    private static bool Uses(string words, string placeholder) => words.Contains(placeholder, StringComparison.Ordinal);
}
