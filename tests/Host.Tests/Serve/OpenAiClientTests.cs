using System.Text.Json;
using Atlas.Host.Tests.Running;

namespace Atlas.Host.Tests.Serve;

/// <summary>OpenAI's own client, in JavaScript, against the service.</summary>
public sealed class OpenAiClientTests(TinyPair pair) : IClassFixture<TinyPair>
{
    private const string Script = """
        const OpenAI = require("openai");
        const options = { baseURL: process.argv[2] + "/v1", maxRetries: 0 };
        const client = new OpenAI({ ...options, apiKey: "secret" });
        (async () => {
          const models = [];
          for await (const model of client.models.list()) models.push(model.id);
          const completion = { model: models[0], prompt: "one two", max_tokens: 12, temperature: 0, ignore_eos: true };
          const whole = await client.completions.create(completion);
          const pieces = [];
          for await (const part of await client.completions.create({ ...completion, stream: true })) if (part.choices.length) pieces.push(part.choices[0].text);
          const chat = { model: models[0], messages: [{ role: "user", content: "add 3" }], max_tokens: 12, temperature: 0 };
          const said = await client.chat.completions.create(chat);
          const words = [];
          for await (const part of await client.chat.completions.create({ ...chat, stream: true })) if (part.choices.length) words.push(part.choices[0].delta.content ?? "");
          const refusals = [];
          for (const [key, change] of [["secret", { temperature: -1 }], ["other", {}]]) {
            try { await new OpenAI({ ...options, apiKey: key }).completions.create({ ...completion, ...change }); refusals.push(null); }
            catch (error) { refusals.push({ type: error.constructor.name, status: error.status, message: error.message }); }
          }
          console.log(JSON.stringify({ models, whole, pieces, said, words, refusals }));
        })();
        """;

    [NpmFact]
    [Trait("Speed", "slow")]
    public async Task It_lists_completes_chats_streams_and_is_refused()
    {
        using var scratch = new Scratch();
        var install = Tool.Run("npm", ["install", "--no-audit", "--no-fund", "--silent", "--prefix", scratch.Path, NpmFactAttribute.Package]);
        Assert.True(install.ExitCode == 0, install.Error + install.Output);
        await using var serving = await ServingPair.StartAsync(pair, settings: settings => settings with { Access = settings.Access with { Token = "secret" } });
        var run = await Task.Run(() => Tool.Run("node", [scratch.Write("talk.cjs", Script), serving.HttpAddress]));
        Assert.True(run.ExitCode == 0, run.Error + run.Output);
        using var json = JsonDocument.Parse(run.Output);
        var (whole, said, refusals) = (json.RootElement.GetProperty("whole"), json.RootElement.GetProperty("said"), json.RootElement.GetProperty("refusals"));
        Assert.Equal(["target"], Texts(json.RootElement.GetProperty("models")));
        string text = whole.GetProperty("choices")[0].GetProperty("text").GetString()!;
        Assert.Equal(pair.Generate("--prompt", "one two", "--max-tokens", "12", "--ignore-end", "--speculator", "none").Text, text);
        Assert.Equal(12, whole.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
        Assert.Equal(text, string.Concat(Texts(json.RootElement.GetProperty("pieces"))));
        Assert.Equal(said.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString(), string.Concat(Texts(json.RootElement.GetProperty("words"))));
        Assert.Equal(("BadRequestError", 400), (refusals[0].GetProperty("type").GetString(), refusals[0].GetProperty("status").GetInt32()));
        Assert.Contains("temperature", refusals[0].GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(("AuthenticationError", 401), (refusals[1].GetProperty("type").GetString(), refusals[1].GetProperty("status").GetInt32()));
    }

    private static IEnumerable<string> Texts(JsonElement array) => array.EnumerateArray().Select(text => text.GetString()!);
}
