using System.Text;
using System.Text.Unicode;
using Atlas.Evaluation.Traces;

namespace Atlas.Evaluation.Import;

/// <summary>
/// Plain text as if a model had written it: whole lines until there are enough characters are a prompt, the lines behind them its completion, and
/// so on to the file's end. The namespace is the file's extension. Requests of a file arrive one second apart.
/// </summary>
internal static class TextLog
{
    /// <summary>Characters after which a prompt ends with its line.</summary>
    public const int PromptCharacters = 1_000;

    /// <summary>Characters after which a completion ends with its line.</summary>
    public const int CompletionCharacters = 3_000;

    public static IEnumerable<TraceRequest> Read(Stream stream, string name)
    {
        string space = Path.GetExtension(name) is { Length: > 1 } extension ? extension[1..] : "text";
        var lines = new Utf8Lines(stream);
        StringBuilder prompt = new(), completion = new();
        long arrival = 0;
        for (long number = 1; lines.Next(out var line); number++)
        {
            if (number == 1 && line.Span.StartsWith("\uFEFF"u8)) line = line[3..];
            if (!Utf8.IsValid(line.Span)) throw new TraceException($"{name}:{number}: the line is not UTF-8; expected plain text in UTF-8");
            (prompt.Length < PromptCharacters ? prompt : completion).Append(Encoding.UTF8.GetString(line.Span)).Append('\n');
            if (completion.Length < CompletionCharacters) continue;
            yield return Request();
        }
        if (completion.Length > 0) yield return Request();

        TraceRequest Request()
        {
            var request = new TraceRequest
            {
                ArrivalSeconds = arrival++,
                Namespace = space,
                Prompt = TraceText.Of(prompt.ToString()),
                Completion = TraceText.Of(completion.ToString()),
            };
            prompt.Clear();
            completion.Clear();
            return request;
        }
    }
}
