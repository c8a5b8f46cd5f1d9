using System.Globalization;

namespace Atlas.Evaluation.Workloads;

/// <summary>
/// The head of a function and a sentence on what it does; the completion is its body, one to four lines without the outer indentation.
/// Bodies are not in the prompt: only the names and constants are.
/// </summary>
internal sealed class CodeCompletionWorkload() : Workload("completion", singleAnswer: false, AnswerFormat.Text)
{
    private static readonly (string Head, Func<CodeTask, string> Body)[] Languages =
    [
        ("def {f}({a}, {b}):\n    \"\"\"{text}\"\"\"", task => task.Python),
        ("# {text}\ndef {f}({a}, {b})", task => task.Ruby),
        ("// {text}\nfunction {f}({a}, {b}) {", task => task.JavaScript),
    ];

    private static readonly PhraseBook Layouts = new(
        [
            "{head}",
            "Write the body.\n{head}",
            "Complete this function:\n{head}",
            "{head}\nWhat comes next?",
            "Finish the code.\n{head}",
        ],
        [
            "Complete the body of this function.\n{head}",
            "{head}\nFinish this function.",
            "Code:\n{head}\nBody:",
        ]);

    /// <inheritdoc/>
    protected override (string Prompt, string Completion) Generate(ItemDraw draw)
    {
        CodeTask task = draw.Pick<CodeTask>(CodeTask.All);
        var language = draw.Pick<(string Head, Func<CodeTask, string> Body)>(Languages);
        string description = draw.Phrase(task.Descriptions);
        (string, string)[] bindings =
        [
            ("text", description),
            ("f", Identifiers.Function(draw)),
            ("a", Identifiers.Variable(draw)),
            ("b", Identifiers.Variable(draw)),
            ("x", Uses(description, "{x}") ? Identifiers.Variable(draw) : ""),
            ("n", Uses(description, "{n}") ? draw.Number(10, 9999).ToString(CultureInfo.InvariantCulture) : ""),
            ("s", Uses(description, "{s}") ? Things.Subject(draw) : ""),
        ];
        string prompt = draw.Phrase(Layouts).Replace("{head}", CodeTemplate.Fill(language.Head, bindings), StringComparison.Ordinal);
        return (prompt, CodeTemplate.Fill(language.Body(task), bindings));
    }

    private static bool Uses(string description, string placeholder) => description.Contains(placeholder, StringComparison.Ordinal);
}
