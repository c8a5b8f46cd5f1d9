using Atlas.Evaluation.Traces;

namespace Atlas.Evaluation.Import;

/// <summary>
/// ShareGPT files: an array, or lines, of objects with <c>conversations</c> of <c>from</c> (human, gpt, system and others) and <c>value</c>.
/// Every message of gpt is a request. Such files say nothing of time: requests arrive one second apart.
/// </summary>
internal static class ShareGptLog
{
    public static IEnumerable<TraceRequest> Read(Stream stream, string name)
    {
        long arrival = 0;
        foreach (var conversation in new JsonObjects(stream, name).Read())
        {
            const string Expected = "an array of messages with from and value";
            var list = conversation.Find("conversations") ?? throw conversation.Absent("conversations", Expected);
            List<ChatMessage> messages = [.. list.Items(Expected).Select(Message)];
            foreach (var request in ChatTranscript.Turns(messages, new TraceRequest { ArrivalSeconds = 0, Prompt = TraceText.Of("-") }))
                yield return request with { ArrivalSeconds = arrival++ };
        }
    }

    private static ChatMessage Message(TraceField message)
    {
        string from = (message.Find("from") ?? throw message.Absent("from", "who speaks, such as human or gpt")).Text();
        string role = from switch { "human" or "user" => "user", "gpt" or "assistant" or "chatgpt" or "bing" or "bard" => ChatTranscript.Assistant, _ => from };
        return new ChatMessage(role, (message.Find("value") ?? throw message.Absent("value", "text")).Text());
    }
}
