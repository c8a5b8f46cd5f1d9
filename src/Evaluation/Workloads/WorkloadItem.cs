using System.Text.Json;
using System.Text.Json.Nodes;

namespace Atlas.Evaluation.Workloads;

/// <summary>One task: a prompt, the completion expected of a model, and how to tell whether an answer is right.</summary>
public sealed record WorkloadItem
{
    /// <summary>The domain of the workload that made the item.</summary>
    public required string Domain { get; init; }

    /// <summary>
    /// The text given to the model. It ends with the line <c>&gt;&gt;&gt;</c> and a line feed, so that prompt and completion meet at a
    /// token boundary.
    /// </summary>
    public required string Prompt { get; init; }

    /// <summary>
    /// The expected text, without white space at either end and without an end token; whoever trains a model appends that.
    /// </summary>
    public required string Completion { get; init; }

    /// <summary>How <see cref="Accepts"/> compares an answer with <see cref="Completion"/>.</summary>
    public required AnswerFormat Format { get; init; }

    /// <summary>
    /// The names, numbers, identifiers and the like that were drawn for the item. No entity of a training item, of any domain, is an
    /// entity of an evaluation item.
    /// </summary>
    public required IReadOnlyList<string> Entities { get; init; }

    /// <summary>The phrasings the prompt was built from. No training item shares one with an evaluation item of its domain.</summary>
    public required IReadOnlyList<string> Phrases { get; init; }

    /// <summary>Whether an answer is the expected one, compared as <see cref="Format"/> says.</summary>
    /// <param name="completion">The answer, up to but not including the end token. Text that is no JSON is refused, never an error.</param>
    /// <exception cref="ArgumentNullException"><paramref name="completion"/> is null.</exception>
    public bool Accepts(string completion)
    {
        ArgumentNullException.ThrowIfNull(completion);
        return Format switch
        {
            AnswerFormat.Json => SameJson(completion, Completion),
            AnswerFormat.LastLine => LastLine(completion).SequenceEqual(LastLine(Completion)),
            _ => completion.AsSpan().Trim().SequenceEqual(Completion.AsSpan().Trim()),
        };
    }

    private static ReadOnlySpan<char> LastLine(string text)
    {
        ReadOnlySpan<char> trimmed = text.AsSpan().Trim();
        return trimmed[(trimmed.LastIndexOf('\n') + 1)..];
    }

    private static bool SameJson(string answer, string expected)
    {
        try
        {
            return JsonNode.DeepEquals(Parse(answer), Parse(expected));
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static JsonNode? Parse(string text) =>
        JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false });
}
