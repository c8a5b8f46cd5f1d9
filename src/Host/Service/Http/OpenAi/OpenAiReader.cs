using System.Globalization;
using System.Text.Json;
using Atlas.Modeling.Tokenization;
using Atlas.Protocol.Messages;
using Atlas.Protocol.Rpc;

namespace Atlas.Host.Service.Http.OpenAi;

/// <summary>
/// Reads the JSON of <c>/v1/completions</c> and <c>/v1/chat/completions</c> into the parameters of <c>generate</c>. What would change the
/// answer and is not to be had is refused; anything else that is unknown is passed over. Stateless, from any thread.
/// </summary>
/// <param name="tokenizer">The model's vocabulary.</param>
/// <param name="model">The one name that <c>model</c> may have.</param>
/// <param name="contextLength">Most tokens of prompt and completion together.</param>
/// <param name="template">How conversations become text.</param>
internal sealed class OpenAiReader(Tokenizer tokenizer, string model, int contextLength, ChatTemplate template)
{
    private const int DefaultCompletionTokens = 16;

    /// <summary>Reads a call.</summary>
    /// <exception cref="RpcException">Something in it is wrong, or not to be had here.</exception>
    public OpenAiRequest Read(JsonElement body, bool chat)
    {
        var fields = new JsonFields(body);
        if (fields.Text("model") is { } asked && asked != model)
            throw RpcException.Invalid("model", $"is {asked}; expected {model}, the one that is served");
        Refuse(fields, chat);
        var parameters = new GenerateParams { Temperature = 1f };
        string prompt = chat ? template.Prompt(Messages(fields)) : "";
        if (chat) parameters.Tokens.Set(tokenizer.Encode(prompt, addSpecialTokens: true));
        else ReadPrompt(fields, parameters);
        ReadLimits(fields, parameters, chat);
        ReadSampling(fields, parameters);
        ReadLogprobs(fields, parameters, chat);
        if (chat) EndTurns(parameters);
        parameters.Stream = fields.Flag("stream") ?? false;
        parameters.Request = 1;
        bool usage = fields.Object("stream_options")?.Flag("include_usage") ?? false;
        parameters.Validate();
        return new OpenAiRequest(parameters, chat, usage);
    }

    private static void Refuse(JsonFields fields, bool chat)
    {
        if (fields.Whole("best_of") is { } best && best != (fields.Whole("n") ?? 1)) throw NotSupported("best_of", "expected it to be n, or not there");
        if (fields.Flag("echo") == true) throw NotSupported("echo", "expected false");
        if (!chat && fields.Text("suffix") is { Length: > 0 }) throw NotSupported("suffix", "expected none");
        if (fields.Has("tools") || fields.Has("functions")) throw NotSupported("tools", "expected none");
        if (fields.Object("response_format")?.Text("type") is { } format && format != "text") throw NotSupported("response_format", "expected text");
    }

    private static RpcException NotSupported(string field, string expected) =>
        new(new RpcError { Code = RpcErrorCode.NotSupported, Message = $"{field} is not to be had here; {expected}", Parameter = field });

    private void ReadPrompt(JsonFields fields, GenerateParams parameters)
    {
        var prompt = fields.Find("prompt") ?? throw RpcException.Missing("prompt");
        // One prompt may come as the only element of a list.
        if (prompt.ValueKind == JsonValueKind.Array && prompt.GetArrayLength() == 1 && prompt[0].ValueKind is JsonValueKind.String or JsonValueKind.Array)
            prompt = prompt[0];
        switch (prompt.ValueKind)
        {
            case JsonValueKind.String:
                parameters.Tokens.Set(tokenizer.Encode(prompt.GetString()!, addSpecialTokens: true));
                break;
            case JsonValueKind.Array when prompt.EnumerateArray().All(token => token.ValueKind == JsonValueKind.Number && token.TryGetInt32(out int id) && id >= 0):
                foreach (var token in prompt.EnumerateArray()) parameters.Tokens.Add(token.GetInt32());
                break;
            default:
                throw RpcException.Invalid("prompt", "is neither text nor token ids; expected one prompt");
        }
        if (parameters.Tokens.Count == 0) throw RpcException.Invalid("prompt", "has no tokens; expected at least one");
    }

    private static List<(string Role, string Text)> Messages(JsonFields fields)
    {
        var messages = fields.Find("messages") ?? throw RpcException.Missing("messages");
        if (messages.ValueKind != JsonValueKind.Array || messages.GetArrayLength() == 0)
            throw RpcException.Invalid("messages", "is no list of messages; expected at least one");
        List<(string, string)> read = [];
        foreach (var message in messages.EnumerateArray())
        {
            string at = $"messages[{read.Count}]";
            if (message.ValueKind != JsonValueKind.Object) throw RpcException.Invalid(at, "is no object; expected role and content");
            var own = new JsonFields(message, at);
            string role = own.Text("role") ?? throw RpcException.Missing($"{at}.role");
            read.Add((role, Content(own, at)));
        }
        return read;
    }

    // Text, or parts of which all are text.
    private static string Content(JsonFields message, string at)
    {
        if (message.Find("content") is not { } content) return "";
        if (content.ValueKind == JsonValueKind.String) return content.GetString()!;
        if (content.ValueKind != JsonValueKind.Array) throw RpcException.Invalid($"{at}.content", "is no text; expected text or parts of text");
        var parts = content.EnumerateArray().Select((part, i) => part.ValueKind == JsonValueKind.Object
            ? new JsonFields(part, $"{at}.content[{i}]").Text("text")
            : null);
        return string.Concat(parts.Select(part => part ?? throw RpcException.Invalid($"{at}.content", "has a part that is no text; expected text alone")));
    }

    private void ReadLimits(JsonFields fields, GenerateParams parameters, bool chat)
    {
        int left = Math.Max(1, contextLength - parameters.Tokens.Count);
        parameters.MaxTokens = fields.Whole("max_completion_tokens") ?? fields.Whole("max_tokens") ?? (chat ? left : Math.Min(left, DefaultCompletionTokens));
        parameters.N = fields.Whole("n") ?? 1;
        parameters.IgnoreEnd = fields.Flag("ignore_eos") ?? false;
        if (fields.Find("stop") is { } stop)
        {
            var texts = stop.ValueKind == JsonValueKind.Array ? stop.EnumerateArray().ToList() : [stop];
            foreach (var text in texts)
            {
                if (text.ValueKind != JsonValueKind.String) throw RpcException.Invalid("stop", "is no text; expected text, or a list of texts");
                parameters.Stop.Add(text.GetString()!);
            }
        }
        if (fields.Find("stop_token_ids") is not { } ids) return;
        if (ids.ValueKind != JsonValueKind.Array || !ids.EnumerateArray().All(id => id.ValueKind == JsonValueKind.Number && id.TryGetInt32(out _)))
            throw RpcException.Invalid("stop_token_ids", "is no list of token ids; expected one");
        foreach (var id in ids.EnumerateArray()) parameters.StopTokens.Add(id.GetInt32());
    }

    private static void ReadSampling(JsonFields fields, GenerateParams parameters)
    {
        parameters.Temperature = fields.Single("temperature") ?? 1f;
        parameters.TopP = fields.Single("top_p") ?? 1f;
        // vLLM's, where -1 stands for all.
        parameters.TopK = Math.Max(0, fields.Whole("top_k") ?? 0);
        parameters.MinP = fields.Single("min_p") ?? 0f;
        parameters.RepetitionPenalty = fields.Single("repetition_penalty") ?? 1f;
        parameters.PresencePenalty = fields.Single("presence_penalty") ?? 0f;
        parameters.FrequencyPenalty = fields.Single("frequency_penalty") ?? 0f;
        if (fields.Long("seed") is { } seed) parameters.Seed = unchecked((ulong)seed);
        parameters.Namespace = fields.Text("user") ?? "";
        parameters.Class = fields.Text("class") ?? "interactive";
        parameters.Speculator = fields.Text("speculator") ?? "auto";
        if (fields.Find("logit_bias") is not { } biases) return;
        if (biases.ValueKind != JsonValueKind.Object) throw RpcException.Invalid("logit_bias", "is no map; expected token ids with numbers");
        foreach (var bias in biases.EnumerateObject())
        {
            if (!int.TryParse(bias.Name, NumberStyles.None, CultureInfo.InvariantCulture, out int token)
                || bias.Value.ValueKind != JsonValueKind.Number || !bias.Value.TryGetSingle(out float added))
                throw RpcException.Invalid("logit_bias", $"has {bias.Name}; expected a token id with a number");
            parameters.LogitBias[token] = added;
        }
    }

    private static void ReadLogprobs(JsonFields fields, GenerateParams parameters, bool chat)
    {
        if (!chat) parameters.Logprobs = fields.Whole("logprobs") ?? -1;
        else if (fields.Flag("logprobs") == true) parameters.Logprobs = fields.Whole("top_logprobs") ?? 0;
    }

    // The template's end of turn ends a completion: as a token where the vocabulary has one, as text elsewhere.
    private void EndTurns(GenerateParams parameters)
    {
        foreach (string end in template.Ends)
        {
            if (tokenizer.TokenToId(end) is { } token) parameters.StopTokens.Add(token);
            else parameters.Stop.Add(end);
        }
    }
}
