using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Atlas.Modeling.Tokenization;
using Atlas.Protocol.Messages;
using Atlas.Protocol.Rpc;

namespace Atlas.Host.Service.Http.OpenAi;

/// <summary>The JSON of one answer, whole or in chunks. One per call.</summary>
/// <param name="tokenizer">Makes text of single tokens, for log-probabilities.</param>
/// <param name="model">Name of the model.</param>
/// <param name="chat">Whether it is a message.</param>
internal sealed class OpenAiWriter(Tokenizer tokenizer, string model, bool chat)
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly string _id = $"{(chat ? "chatcmpl" : "cmpl")}-{Guid.NewGuid():N}";
    private readonly long _created = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
    private readonly HashSet<int> _begun = [];
    private readonly Dictionary<int, int> _offsets = [];

    /// <summary>As UTF-8.</summary>
    public static byte[] Bytes(JsonNode node) => Encoding.UTF8.GetBytes(node.ToJsonString(Relaxed));

    /// <summary>An error, as OpenAI's clients read it.</summary>
    public static JsonObject Error(RpcError error, int status) => new()
    {
        ["error"] = new JsonObject
        {
            ["message"] = error.Message,
            ["type"] = status switch { 401 => "authentication_error", 429 => "rate_limit_error", < 500 => "invalid_request_error", _ => "server_error" },
            ["param"] = error.Parameter.Length > 0 ? error.Parameter : null,
            ["code"] = error.Code == RpcErrorCode.LimitExceeded ? "context_length_exceeded" : error.Code,
        },
    };

    /// <summary>The whole answer.</summary>
    public JsonObject Whole(GenerateResult result, bool logprobs)
    {
        var choices = new JsonArray();
        for (int i = 0; i < result.Choices.Count; i++)
        {
            var choice = result.Choices[i];
            var own = new JsonObject { ["index"] = choice.Index };
            if (chat) own["message"] = new JsonObject { ["role"] = "assistant", ["content"] = choice.Text };
            else own["text"] = choice.Text;
            own["logprobs"] = logprobs ? Logprobs(choice.Index, choice.Logprobs) : null;
            own["finish_reason"] = Reason(choice);
            choices.Add(own);
        }
        var answer = Frame(chat ? "chat.completion" : "text_completion", choices);
        answer["usage"] = Usage(result);
        return answer;
    }

    /// <summary>A piece of a completion.</summary>
    public JsonObject Chunk(TokensParams piece)
    {
        var own = new JsonObject { ["index"] = piece.Index };
        if (chat)
        {
            var delta = new JsonObject();
            if (_begun.Add(piece.Index)) delta["role"] = "assistant";
            delta["content"] = piece.Text;
            own["delta"] = delta;
        }
        else
        {
            own["text"] = piece.Text;
        }
        own["logprobs"] = piece.Logprobs.Count > 0 ? Logprobs(piece.Index, piece.Logprobs) : null;
        own["finish_reason"] = null;
        return Frame(chat ? "chat.completion.chunk" : "text_completion", [own]);
    }

    /// <summary>Why a completion ended.</summary>
    public JsonObject Last(GenerateChoice choice)
    {
        var own = new JsonObject { ["index"] = choice.Index };
        if (chat) own["delta"] = new JsonObject();
        else own["text"] = "";
        own["logprobs"] = null;
        own["finish_reason"] = Reason(choice);
        return Frame(chat ? "chat.completion.chunk" : "text_completion", [own]);
    }

    /// <summary>What the stream used.</summary>
    public JsonObject UsageChunk(GenerateResult result)
    {
        var answer = Frame(chat ? "chat.completion.chunk" : "text_completion", []);
        answer["usage"] = Usage(result);
        return answer;
    }

    private static string Reason(GenerateChoice choice) => choice.FinishReason == "length" ? "length" : "stop";

    private static JsonObject Usage(GenerateResult result) => new()
    {
        ["prompt_tokens"] = result.PromptTokens,
        ["completion_tokens"] = result.CompletionTokens,
        ["total_tokens"] = result.PromptTokens + result.CompletionTokens,
        ["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = result.CachedTokens },
        ["completion_tokens_details"] = new JsonObject
        {
            ["accepted_prediction_tokens"] = result.AcceptedTokens,
            ["rejected_prediction_tokens"] = result.DraftedTokens - result.AcceptedTokens,
        },
    };

    private JsonObject Frame(string kind, JsonArray choices) =>
        new() { ["id"] = _id, ["object"] = kind, ["created"] = _created, ["model"] = model, ["choices"] = choices };

    private JsonObject Logprobs(int index, ReusableList<TokenLogprob> tokens) => chat ? ChatLogprobs(tokens) : CompletionLogprobs(index, tokens);

    private JsonObject ChatLogprobs(ReusableList<TokenLogprob> tokens)
    {
        var content = new JsonArray();
        for (int i = 0; i < tokens.Count; i++)
        {
            var best = new JsonArray();
            for (int k = 0; k < tokens[i].TopTokens.Count; k++) best.Add(Entry(tokens[i].TopTokens[k], tokens[i].TopLogprobs[k]));
            var entry = Entry(tokens[i].Token, tokens[i].Logprob);
            entry["top_logprobs"] = best;
            content.Add(entry);
        }
        return new JsonObject { ["content"] = content };
    }

    private JsonObject CompletionLogprobs(int index, ReusableList<TokenLogprob> tokens)
    {
        JsonArray texts = [], own = [], top = [], offsets = [];
        int offset = _offsets.GetValueOrDefault(index);
        for (int i = 0; i < tokens.Count; i++)
        {
            string text = TextOf(tokens[i].Token);
            texts.Add(text);
            own.Add(tokens[i].Logprob);
            var best = new JsonObject();
            for (int k = 0; k < tokens[i].TopTokens.Count; k++) best[KeyOf(tokens[i].TopTokens[k])] = tokens[i].TopLogprobs[k];
            top.Add(best);
            offsets.Add(offset);
            offset += text.Length;
        }
        _offsets[index] = offset;
        return new JsonObject { ["tokens"] = texts, ["token_logprobs"] = own, ["top_logprobs"] = top, ["text_offset"] = offsets };
    }

    private JsonObject Entry(int token, float logprob)
    {
        var bytes = new JsonArray();
        foreach (byte one in tokenizer.TokenBytes(token).Span) bytes.Add(one);
        return new JsonObject { ["token"] = TextOf(token), ["logprob"] = logprob, ["bytes"] = bytes };
    }

    private string TextOf(int token) => tokenizer.Decode([token], skipSpecialTokens: false);

    // Tokens that are no whole characters would look alike.
    private string KeyOf(int token)
    {
        string text = TextOf(token);
        return text.Contains('\uFFFD', StringComparison.Ordinal) ? string.Create(CultureInfo.InvariantCulture, $"token_id:{token}") : text;
    }
}
