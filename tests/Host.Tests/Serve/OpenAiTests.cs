using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Atlas.Host.Service.Http.OpenAi;
using Atlas.Host.Tests.Running;
using Atlas.Protocol.Messages;

namespace Atlas.Host.Tests.Serve;

/// <summary>OpenAI's endpoints: what they answer is what <c>generate</c> answers.</summary>
public sealed class OpenAiTests(TinyPair pair) : IClassFixture<TinyPair>
{
    private const string Prompt = "Please add 482 and 77.\n>>>\n";

    [Fact]
    public async Task A_completion_is_that_of_generate_whole_and_streamed()
    {
        await using var serving = await ServingPair.StartAsync(pair);
        await using var client = await serving.ConnectAsync();
        using var http = Client(serving);
        var expected = await client.GenerateAsync(
            new GenerateParams { Prompt = Prompt, MaxTokens = 30, N = 2, Seed = 7, Temperature = 0.8f, TopP = 0.9f, Logprobs = 2, Namespace = "me" });
        string body = $$"""
            { "model": "target", "prompt": {{JsonSerializer.Serialize(Prompt)}}, "max_tokens": 30, "n": 2, "seed": 7, "temperature": 0.8, "top_p": 0.9,
              "logprobs": 2, "user": "me", "some_future_field": [1] }
            """;
        var (status, answer) = await PostAsync(http, "/v1/completions", body);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("text_completion", answer.GetProperty("object").GetString());
        var usage = answer.GetProperty("usage");
        Assert.Equal((expected.PromptTokens, expected.CompletionTokens), (usage.GetProperty("prompt_tokens").GetInt32(), usage.GetProperty("completion_tokens").GetInt32()));
        for (int i = 0; i < 2; i++)
        {
            var (choice, own) = (answer.GetProperty("choices")[i], expected.Choices[i]);
            Assert.Equal(own.Text, choice.GetProperty("text").GetString());
            Assert.Equal(own.FinishReason == "length" ? "length" : "stop", choice.GetProperty("finish_reason").GetString());
            var logprobs = choice.GetProperty("logprobs");
            Assert.Equal(own.TokenCount, logprobs.GetProperty("tokens").GetArrayLength());
            Assert.Equal(own.Logprobs[0].Logprob, logprobs.GetProperty("token_logprobs")[0].GetSingle());
        }
        var events = await StreamAsync(http, "/v1/completions", body.Replace("\"n\": 2", "\"n\": 2, \"stream\": true, \"stream_options\": {\"include_usage\": true}", StringComparison.Ordinal));
        for (int i = 0; i < 2; i++)
        {
            var own = events.Where(one => one.GetProperty("choices").GetArrayLength() > 0 && one.GetProperty("choices")[0].GetProperty("index").GetInt32() == i).ToList();
            Assert.Equal(expected.Choices[i].Text, string.Concat(own.Select(one => one.GetProperty("choices")[0].GetProperty("text").GetString())));
            Assert.Single(own, one => one.GetProperty("choices")[0].GetProperty("finish_reason").ValueKind == JsonValueKind.String);
        }
        Assert.Equal(expected.CompletionTokens, events[^1].GetProperty("usage").GetProperty("completion_tokens").GetInt32());
    }

    [Theory]
    [InlineData("chatml", "<|im_start|>user\nadd 3\u00e9<|im_end|>\n<|im_start|>assistant\n")]
    [InlineData("llama3", "<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\nadd 3\u00e9<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n")]
    [InlineData("plain", "user:\nadd 3\u00e9\n\nassistant:\n")]
    public async Task A_conversation_is_continued_in_the_form_of_its_template(string template, string text)
    {
        await using var serving = await ServingPair.StartAsync(pair, settings: settings => settings with { ChatTemplate = ChatTemplate.Find(template) });
        await using var client = await serving.ConnectAsync();
        using var http = Client(serving);
        var parameters = new GenerateParams { Prompt = text, MaxTokens = 20 };
        foreach (string end in ChatTemplate.Find(template).Ends) parameters.Stop.Add(end);
        var expected = await client.GenerateAsync(parameters);
        string body = """{ "messages": [{"role": "user", "content": [{"type": "text", "text": "add 3"}, {"type": "text", "text": "\u00e9"}]}], "max_tokens": 20, "temperature": 0 """;
        var (status, answer) = await PostAsync(http, "/v1/chat/completions", body + "}");
        Assert.Equal(HttpStatusCode.OK, status);
        var message = answer.GetProperty("choices")[0].GetProperty("message");
        Assert.Equal(("assistant", expected.Choices[0].Text), (message.GetProperty("role").GetString(), message.GetProperty("content").GetString()));
        var events = await StreamAsync(http, "/v1/chat/completions", body + ", \"stream\": true, \"logprobs\": true, \"top_logprobs\": 1 }");
        Assert.Equal("assistant", events[0].GetProperty("choices")[0].GetProperty("delta").GetProperty("role").GetString());
        var deltas = events.Select(one => one.GetProperty("choices")[0].GetProperty("delta")).Where(delta => delta.TryGetProperty("content", out _));
        Assert.Equal(expected.Choices[0].Text, string.Concat(deltas.Select(delta => delta.GetProperty("content").GetString())));
        var first = events[0].GetProperty("choices")[0].GetProperty("logprobs").GetProperty("content")[0];
        Assert.Equal(first.GetProperty("token").GetString(), first.GetProperty("top_logprobs")[0].GetProperty("token").GetString());
    }

    [Theory]
    [InlineData("/v1/completions", "{", "body")]
    [InlineData("/v1/completions", "[]", "object")]
    [InlineData("/v1/completions", "{}", "prompt")]
    [InlineData("/v1/completions", """{"prompt": ["a", "b"]}""", "one prompt")]
    [InlineData("/v1/completions", """{"prompt": [1, -1]}""", "prompt")]
    [InlineData("/v1/completions", """{"prompt": [100000]}""", "100000")]
    [InlineData("/v1/completions", """{"prompt": "a", "model": "other"}""", "target")]
    [InlineData("/v1/completions", """{"prompt": "a", "n": "two"}""", "n: is")]
    [InlineData("/v1/completions", """{"prompt": "a", "n": 0}""", "1 to 1024")]
    [InlineData("/v1/completions", """{"prompt": "a", "max_tokens": 100000}""", "context")]
    [InlineData("/v1/completions", """{"prompt": "a", "echo": true}""", "echo")]
    [InlineData("/v1/completions", """{"prompt": "a", "temperature": -1}""", "temperature")]
    [InlineData("/v1/completions", """{"prompt": "a", "temperature": -1, "stream": true}""", "temperature")]
    [InlineData("/v1/completions", """{"prompt": "a", "logit_bias": {"x": 1}}""", "logit_bias")]
    [InlineData("/v1/chat/completions", """{"messages": []}""", "messages")]
    [InlineData("/v1/chat/completions", """{"messages": [{"content": "a"}]}""", "messages[0].role")]
    [InlineData("/v1/chat/completions", """{"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}""", "messages[0].content")]
    [InlineData("/v1/chat/completions", """{"messages": [{"role": "user", "content": "a"}], "tools": [{}]}""", "tools")]
    public async Task What_cannot_be_answered_is_refused_by_name(string path, string body, string named)
    {
        await using var serving = await ServingPair.StartAsync(pair);
        using var http = Client(serving);
        var (status, answer) = await PostAsync(http, path, body);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(named, answer.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_goes_away_takes_the_generation_along()
    {
        await using var serving = await ServingPair.StartAsync(pair);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        // A model as small as this one may be done before anybody can leave: then once more.
        for (int turn = 1; serving.Read("generate_requests_cancelled") < 1; turn++)
        {
            await BeginAndLeaveAsync(serving);
            while (serving.Read("generate_requests_cancelled") + serving.Read("generate_requests_completed") < turn || serving.Read("num_requests_running") > 0)
                await Task.Delay(2, limit.Token);
        }
    }

    private static async Task BeginAndLeaveAsync(ServingPair serving)
    {
        using var http = Client(serving);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/completions")
        {
            Content = new StringContent(
                """{"prompt": "one two", "max_tokens": 480, "n": 12, "temperature": 1, "ignore_eos": true, "stream": true}""", Encoding.UTF8, "application/json"),
        };
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task With_a_token_the_endpoints_want_it_and_monitors_on_loopback_do_not()
    {
        await using var serving = await ServingPair.StartAsync(pair, settings: settings => settings with { Access = settings.Access with { Token = "secret" } });
        using var http = Client(serving);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri("/metrics", UriKind.Relative))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri("/readyz", UriKind.Relative))).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync(new Uri("/v1/models", UriKind.Relative))).StatusCode);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "other");
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync(new Uri("/v1/models", UriKind.Relative))).StatusCode);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "secret");
        using var models = JsonDocument.Parse(await http.GetStringAsync(new Uri("/v1/models", UriKind.Relative)));
        Assert.Equal("target", models.RootElement.GetProperty("data")[0].GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_service_that_drains_is_up_but_not_ready()
    {
        await using var serving = await ServingPair.StartAsync(pair);
        await using var client = await serving.ConnectAsync();
        using var http = Client(serving);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri("/readyz", UriKind.Relative))).StatusCode);
        await client.DrainAsync(new DrainParams { DeadlineMs = 1000 });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await http.GetAsync(new Uri("/readyz", UriKind.Relative))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri("/healthz", UriKind.Relative))).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await PostAsync(http, "/v1/completions", """{"prompt": "a"}""")).Status);
    }

    private static HttpClient Client(ServingPair serving) => new() { BaseAddress = new Uri(serving.HttpAddress) };

    private static async Task<(HttpStatusCode Status, JsonElement Answer)> PostAsync(HttpClient http, string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await http.PostAsync(new Uri(path, UriKind.Relative), content);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return (response.StatusCode, json.RootElement.Clone());
    }

    private static async Task<List<JsonElement>> StreamAsync(HttpClient http, string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await http.PostAsync(new Uri(path, UriKind.Relative), content);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        string[] events = (await response.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("data: [DONE]", events[^1]);
        return [.. events[..^1].Select(one =>
        {
            using var json = JsonDocument.Parse(one["data: ".Length..]);
            return json.RootElement.Clone();
        })];
    }
}
