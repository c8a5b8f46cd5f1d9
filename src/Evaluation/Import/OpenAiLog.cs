using System.Text;
using Atlas.Core.Sampling;
using Atlas.Evaluation.Traces;

namespace Atlas.Evaluation.Import;

/// <summary>
/// Logs of OpenAI-style chat calls. Three shapes are known, and may stand in one file: a fine-tuning object with <c>messages</c>, of which every
/// assistant message is a request; a call with its <c>messages</c> and the answer's <c>choices</c> in one object; and a pair of <c>request</c>
/// and <c>response</c>, each bare or in a <c>body</c> (batches). Namespace is the call's <c>user</c>, arrival the answer's <c>created</c>.
/// Pictures and sounds in messages are left out; a call of tools is its name and arguments.
/// </summary>
internal static class OpenAiLog
{
    public static IEnumerable<TraceRequest> Read(Stream stream, string name)
    {
        double? first = null;
        double last = 0;
        foreach (var entry in new JsonObjects(stream, name).Read())
        {
            var call = Body(entry.Find("request")) ?? entry;
            var answer = Body(entry.Find("response")) ?? entry;
            if (answer.Find("created") is { } created)
            {
                double seconds = created.Number();
                first ??= seconds;
                last = Math.Max(last, seconds - first.Value);
            }
            var request = new TraceRequest
            {
                ArrivalSeconds = last,
                Namespace = Namespace(call),
                Prompt = TraceText.Of("-"),
                Sampling = Sampling(call),
            };
            foreach (var one in Requests(call, answer, request)) yield return one;
        }
    }

    private static IEnumerable<TraceRequest> Requests(TraceField call, TraceField answer, TraceRequest request)
    {
        const string Expected = "an array of messages with role and content";
        var list = call.Find("messages") ?? throw call.Absent("messages", Expected);
        List<ChatMessage> messages = [.. list.Items(Expected).Select(Message)];
        if (answer.Find("choices") is not { } choices) return ChatTranscript.Turns(messages, request);
        return Answered(choices, request with { Prompt = TraceText.Of(ChatTranscript.Prompt(messages)) });
    }

    private static IEnumerable<TraceRequest> Answered(TraceField choices, TraceRequest request)
    {
        foreach (var choice in choices.Items("an array of choices with a message"))
        {
            var message = Message(choice.Find("message") ?? throw choice.Absent("message", "a message with role and content"));
            if (message.Text.Length > 0) yield return request with { Completion = TraceText.Of(message.Text) };
        }
    }

    private static TraceField? Body(TraceField? part) => part?.Find("body") ?? part;

    private static ChatMessage Message(TraceField message)
    {
        string role = (message.Find("role") ?? throw message.Absent("role", "who speaks, such as user or assistant")).Text();
        var text = new StringBuilder();
        if (message.Find("content") is { } content) AppendContent(text, content);
        if (message.Find("tool_calls") is { } calls)
            foreach (var call in calls.Items("an array of tool calls"))
                AppendCall(text, call.Find("function") ?? throw call.Absent("function", "an object with name and arguments"));
        return new ChatMessage(role, text.ToString());
    }

    private static void AppendContent(StringBuilder text, TraceField content)
    {
        if (content.IsText)
        {
            text.Append(content.Text());
            return;
        }
        foreach (var part in content.Items("text, or an array of parts"))
            if (part.Find("text") is { } words)
                text.Append(words.Text());
    }

    private static void AppendCall(StringBuilder text, TraceField function)
    {
        if (text.Length > 0) text.Append('\n');
        text.Append((function.Find("name") ?? throw function.Absent("name", "the tool's name")).Text());
        if (function.Find("arguments") is { } arguments) text.Append('(').Append(arguments.Text()).Append(')');
    }

    private static string Namespace(TraceField call) =>
        call.Find("user")?.Text() is { Length: > 0 } user ? user : TraceRequest.DefaultNamespace;

    private static TraceSampling? Sampling(TraceField call)
    {
        var none = SamplingOptions.Greedy;
        var options = new SamplingOptions
        {
            Temperature = call.Find("temperature")?.Single() ?? none.Temperature,
            TopP = call.Find("top_p")?.Single() ?? none.TopP,
            PresencePenalty = call.Find("presence_penalty")?.Single() ?? none.PresencePenalty,
            FrequencyPenalty = call.Find("frequency_penalty")?.Single() ?? none.FrequencyPenalty,
        };
        int? most = (call.Find("max_completion_tokens") ?? call.Find("max_tokens"))?.Whole(low: 1);
        if (options.Fault(int.MaxValue) is { } fault) throw call.Because(fault);
        return options == none && most is null ? null : new TraceSampling(options, most);
    }
}
