using System.Text;
using Atlas.Evaluation.Import;
using Atlas.Evaluation.Traces;

namespace Atlas.Evaluation.Tests.Import;

public sealed class TraceImportTests
{
    private const string Call = """
        {"request": {"model": "m", "user": "u1", "temperature": 0.5, "max_tokens": 20, "messages": [{"role": "system", "content": "Be brief."},
          {"role": "user", "content": [{"type": "text", "text": "Hi "}, {"type": "image_url", "image_url": {"url": "x"}}, {"type": "text", "text": "there"}]}]},
         "response": {"body": {"created": 1010.5, "choices": [{"message": {"role": "assistant", "content": "Hello."}}, {"message": {"role": "assistant", "content": null,
          "tool_calls": [{"function": {"name": "look", "arguments": "{\"at\": 1}"}}]}}]}}}
        """;

    private const string Tuning = """{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}, {"role": "user", "content": "c"}, {"role": "assistant", "content": "d"}]}""";

    private const string Shared = """
        {"id": "1", "conversations": [{"from": "human", "value": "a"}, {"from": "gpt", "value": "b"}, {"from": "human", "value": "c"}, {"from": "gpt", "value": "d"}]}
        """;

    [Fact]
    public void A_call_and_its_answer_are_a_request_for_each_choice()
    {
        var requests = Read(ImportFormat.OpenAi, """{"created": 1000, "messages": [{"role": "user", "content": "x"}], "choices": [{"message": {"role": "assistant", "content": "y"}}]}""" + "\n" + Call);
        Assert.Equal(3, requests.Length);
        Assert.Equal((0.0, "default", "y"), (requests[0].ArrivalSeconds, requests[0].Namespace, requests[0].Completion!.Text));
        Assert.Equal((10.5, "u1", "Hello."), (requests[1].ArrivalSeconds, requests[1].Namespace, requests[1].Completion!.Text));
        Assert.Equal("look({\"at\": 1})", requests[2].Completion!.Text);
        Assert.Equal("<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi there<|im_end|>\n<|im_start|>assistant\n", requests[1].Prompt.Text);
        Assert.Equal((0.5f, 20), (requests[1].Sampling!.Options.Temperature, requests[1].Sampling!.MaxTokens));
        Assert.Null(requests[0].Sampling);
    }

    [Theory]
    [InlineData(ImportFormat.OpenAi, Tuning)]
    [InlineData(ImportFormat.ShareGpt, Shared)]
    public void Every_answer_of_a_conversation_is_a_request_with_all_before_it(ImportFormat format, string text)
    {
        foreach (string file in (string[])[text, $"[{text}]", $"\uFEFF [\n{text}\n]\n"])
        {
            var requests = Read(format, file);
            Assert.Equal(["b", "d"], requests.Select(r => r.Completion!.Text));
            Assert.Equal("<|im_start|>user\na<|im_end|>\n<|im_start|>assistant\n", requests[0].Prompt.Text);
            Assert.Equal("<|im_start|>user\na<|im_end|>\n<|im_start|>assistant\nb<|im_end|>\n<|im_start|>user\nc<|im_end|>\n<|im_start|>assistant\n", requests[1].Prompt.Text);
        }
    }

    [Fact]
    public void Text_is_cut_at_line_ends_and_nothing_but_the_last_prompt_is_lost()
    {
        string[] lines = [.. Enumerable.Range(0, 400).Select(i => $"line {i} {new string('x', i % 60)}")];
        var requests = Read(ImportFormat.Text, string.Join('\n', lines) + "\n", "notes.md");
        string all = string.Concat(requests.Select(r => r.Prompt.Text + r.Completion!.Text));
        Assert.StartsWith(all, string.Join('\n', lines) + "\n");
        Assert.InRange(requests.Length, 3, 5);
        Assert.All(requests, r => Assert.Equal("md", r.Namespace));
        Assert.All(requests[..^1], r => Assert.True(r.Prompt.Text!.Length >= 1000 && r.Completion!.Text!.Length >= 3000 && r.Prompt.Text[^1] == '\n'));
    }

    [Theory]
    [InlineData(ImportFormat.OpenAi, "\n\n{\"messages\": 3}", "log.x:3:messages", "array")]
    [InlineData(ImportFormat.OpenAi, "{\"messages\": [{\"content\": \"a\"}]}", "log.x:1:messages[0].role", "missing")]
    [InlineData(ImportFormat.OpenAi, "{\"messages\": [{\"role\": \"user\", \"content\": 5}]}", "log.x:1:messages[0].content", "parts")]
    [InlineData(ImportFormat.OpenAi, "{\"user\": 5, \"messages\": []}", "log.x:1:user", "a string")]
    [InlineData(ImportFormat.OpenAi, "{\"messages\": []}\n{\"messages\": [}}", "log.x:2", "JSON")]
    [InlineData(ImportFormat.OpenAi, "{\"messages\": []}\n{\"messages\": [", "log.x:2", "closing brace")]
    [InlineData(ImportFormat.OpenAi, "{\"messages\": [], \"messages\": []}", "log.x:1", "duplicate")]
    [InlineData(ImportFormat.ShareGpt, "[\n{\"id\": 1}]", "log.x:2:conversations", "missing")]
    [InlineData(ImportFormat.ShareGpt, "[{\"conversations\": []}\n{\"conversations\": []}]", "log.x:2", "comma")]
    [InlineData(ImportFormat.ShareGpt, "[{\"conversations\": []}", "log.x:1", "array")]
    [InlineData(ImportFormat.ShareGpt, "[]\n5", "log.x:2", "nothing behind")]
    [InlineData(ImportFormat.ShareGpt, "text", "log.x:1", "'t'")]
    public void Faults_name_file_line_and_what_was_expected(ImportFormat format, string text, params string[] mentions)
    {
        var fault = Assert.Throws<TraceException>(() => Read(format, text));
        Assert.DoesNotContain('\n', fault.Message);
        foreach (string mention in mentions) Assert.Contains(mention, fault.Message);
        Assert.Contains("expected", fault.Message);
    }

    [Fact]
    public void Text_that_is_not_utf_8_is_refused_with_its_line()
    {
        var fault = Assert.Throws<TraceException>(() => TraceImport.Read(ImportFormat.Text, new MemoryStream([(byte)'a', (byte)'\n', 0xFF]), "x.txt").ToArray());
        Assert.StartsWith("x.txt:2: ", fault.Message);
    }

    [Fact]
    public void A_file_that_is_not_there_is_refused() =>
        Assert.Contains("expected", Assert.Throws<TraceException>(() => TraceImport.Read(ImportFormat.Text, ["/nowhere/at/all"]).ToArray()).Message);

    // Whatever is done to a log, it is read or refused with one line; and what is read can be written as a trace.
    [Theory]
    [InlineData(ImportFormat.OpenAi)]
    [InlineData(ImportFormat.ShareGpt)]
    public void Damaged_logs_are_read_or_refused_by_name(ImportFormat format)
    {
        byte[] whole = Encoding.UTF8.GetBytes(format == ImportFormat.OpenAi ? $"{Tuning}\n{Call}\n" : $"[{Shared},\n{Shared}]");
        var random = new Random(5);
        int refused = 0;
        for (int round = 0; round < 4_000; round++)
        {
            var bytes = whole.ToList();
            for (int times = random.Next(1, 4); times > 0; times--)
            {
                int at = random.Next(bytes.Count);
                if (random.Next(2) == 0) bytes[at] = random.Next(3) == 0 ? (byte)random.Next(256) : (byte)"{}[],:\"\\0.e\n"[random.Next(12)];
                else bytes.RemoveRange(at, Math.Min(random.Next(8), bytes.Count - at - 1));
            }
            try
            {
                using var writer = new TraceWriter(new MemoryStream(), leaveOpen: false);
                foreach (var request in TraceImport.Read(format, new MemoryStream([.. bytes]), "log.x")) writer.Write(request);
            }
            catch (TraceException fault)
            {
                refused++;
                Assert.Matches(@"\Alog\.x:[1-9][0-9]*:.+", fault.Message);
                Assert.DoesNotContain('\n', fault.Message);
                Assert.Contains("expected", fault.Message);
            }
        }
        Assert.InRange(refused, 1_000, 3_900);
    }

    // Requests come while the file is still being read: it is never held whole.
    [Fact]
    public void A_file_is_read_no_further_than_requests_are_asked_for()
    {
        foreach (var (format, text) in ((ImportFormat, string)[])[(ImportFormat.ShareGpt, Shared + "\n"), (ImportFormat.OpenAi, Tuning + "\n"), (ImportFormat.Text, "a line of text\n")])
        {
            using var stream = new RepeatedText(text, 20_000);
            Assert.Equal(10, TraceImport.Read(format, stream, "log.x").Take(10).Count());
            Assert.InRange(stream.Position, 1, 200_000);
        }
        using var whole = new RepeatedText(Shared + "\n", 5_000);
        Assert.Equal(10_000, TraceImport.Read(ImportFormat.ShareGpt, whole, "log.x").Count());
    }

    private static TraceRequest[] Read(ImportFormat format, string text, string name = "log.x") =>
        [.. TraceImport.Read(format, new MemoryStream(Encoding.UTF8.GetBytes(text)), name)];
}
