using System.Text;
using Atlas.Evaluation.Traces;

namespace Atlas.Evaluation.Import;

/// <summary>
/// Conversations as text, in the ChatML form that many models are trained on: <c>&lt;|im_start|&gt;role</c>, a line feed, the text,
/// <c>&lt;|im_end|&gt;</c>, a line feed. A completion is the assistant's text alone.
/// </summary>
internal static class ChatTranscript
{
    public const string Assistant = "assistant";

    /// <summary>A prompt that asks the assistant for the next message.</summary>
    public static string Prompt(IReadOnlyList<ChatMessage> messages)
    {
        var text = new StringBuilder();
        foreach (var message in messages) Append(text, message);
        return text.Append("<|im_start|>assistant\n").ToString();
    }

    /// <summary>One request for each message of the assistant that says something, with all that was said before as its prompt.</summary>
    public static IEnumerable<TraceRequest> Turns(IReadOnlyList<ChatMessage> messages, TraceRequest request)
    {
        var before = new StringBuilder();
        foreach (var message in messages)
        {
            if (message.Role == Assistant && message.Text.Length > 0)
                yield return request with { Prompt = TraceText.Of($"{before}<|im_start|>assistant\n"), Completion = TraceText.Of(message.Text) };
            Append(before, message);
        }
    }

    private static void Append(StringBuilder text, ChatMessage message) =>
        text.Append("<|im_start|>").Append(message.Role).Append('\n').Append(message.Text).Append("<|im_end|>\n");
}
