using System.Text;
using Atlas.Core.Decoding;
using Atlas.Core.Sampling;
using Atlas.Evaluation.Traces;

namespace Atlas.Evaluation.Tests.Traces;

public sealed class TraceReaderTests
{
    [Fact]
    public void All_keys_are_read()
    {
        TraceRequest request = Assert.Single(Read("""
            {"arrival_s": 1.5, "namespace": "acme", "domain": "sql", "class": "throughput", "prompt_tokens": [1, 2, 3], "completion": "yes", "sampling": {"temperature": 0.5, "top_k": 40, "top_p": 0.9, "min_p": 0.1, "repetition_penalty": 1.25, "presence_penalty": -0.5, "frequency_penalty": 2, "logit_bias": {"7": -1.5}, "seed": 18446744073709551615, "max_tokens": 64}}
            """));
        Assert.Equal(1.5, request.ArrivalSeconds);
        Assert.Equal("acme", request.Namespace);
        Assert.Equal("sql", request.Domain);
        Assert.Equal(RequestClass.Throughput, request.Class);
        Assert.Equal([1, 2, 3], request.Prompt.Tokens!);
        Assert.Null(request.Prompt.Text);
        Assert.Equal("yes", request.Completion!.Text);
        SamplingOptions options = request.Sampling!.Options;
        Assert.Equal([0.5f, 0.9f, 0.1f, 1.25f, -0.5f, 2f],
            [options.Temperature, options.TopP, options.MinP, options.RepetitionPenalty, options.PresencePenalty, options.FrequencyPenalty]);
        Assert.Equal(40, options.TopK);
        Assert.Equal(ulong.MaxValue, options.Seed);
        Assert.Equal(-1.5f, options.LogitBias![7]);
        Assert.Equal(64, request.Sampling.MaxTokens);
    }

    [Fact]
    public void What_is_optional_has_defaults_and_unknown_keys_are_ignored()
    {
        TraceRequest request = Assert.Single(Read("""{"prompt":"hi","arrival_s":0,"user":{"id":[1]},"completion":null}"""));
        Assert.Equal("default", request.Namespace);
        Assert.Null(request.Domain);
        Assert.Equal(RequestClass.Interactive, request.Class);
        Assert.Null(request.Completion);
        Assert.Null(request.Sampling);
    }

    [Fact]
    public void A_file_is_read_from_its_beginning_each_time()
    {
        using var directory = new TemporaryDirectory();
        string path = directory.File("t.jsonl");
        File.WriteAllText(path, """{"arrival_s":0,"prompt":"a"}""" + "\n" + """{"arrival_s":1,"prompt":"b"}""" + "\n");
        var requests = TraceReader.Read(path);
        Assert.Equal("a", requests.First().Prompt.Text);
        for (int i = 0; i < 2; i++) Assert.Equal(["a", "b"], requests.Select(request => request.Prompt.Text));
        File.Delete(path);
        Assert.Contains("cannot be opened", Assert.Throws<TraceException>(() => requests.Count()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Byte_order_mark_blank_lines_and_carriage_returns_are_no_fault()
    {
        string text = "\uFEFF" + """{"arrival_s":0,"prompt":"a"}""" + "\r\n\r\n \t\n" + """{"arrival_s":1,"prompt":"b"}""";
        Assert.Equal(["a", "b"], Read(text).Select(request => request.Prompt.Text));
    }

    [Fact]
    public void Text_beyond_ascii_is_read_whole()
    {
        string text = """{"arrival_s":0,"prompt":"gr""" + "ü\u2028" + """\u00df\ud83d\ude00"}""";
        Assert.Equal("grü\u2028ß😀", Assert.Single(Read(text)).Prompt.Text);
    }

    [Theory]
    [InlineData("""{"prompt":"a"}""", "t.jsonl:1:arrival_s: missing;")]
    [InlineData("""{"arrival_s":"0","prompt":"a"}""", "t.jsonl:1:arrival_s: found \"0\"; expected a finite number")]
    [InlineData("""{"arrival_s":-1,"prompt":"a"}""", "t.jsonl:1:arrival_s: found -1; expected seconds")]
    [InlineData("""{"arrival_s":1e999,"prompt":"a"}""", "t.jsonl:1:arrival_s: found 1e999;")]
    [InlineData("""{"arrival_s":0}""", "t.jsonl:1:prompt: missing; expected text, or token ids as prompt_tokens")]
    [InlineData("""{"arrival_s":0,"prompt":null}""", "t.jsonl:1:prompt: missing;")]
    [InlineData("""{"arrival_s":0,"prompt":""}""", "t.jsonl:1:prompt: found \"\"; expected at least one")]
    [InlineData("""{"arrival_s":0,"prompt_tokens":[]}""", "t.jsonl:1:prompt_tokens: found an array; expected at least one")]
    [InlineData("""{"arrival_s":0,"prompt":["a"]}""", "t.jsonl:1:prompt: found an array; expected a string")]
    [InlineData("""{"arrival_s":0,"prompt":"a","prompt_tokens":[1]}""", "t.jsonl:1:prompt_tokens: stands beside prompt;")]
    [InlineData("""{"arrival_s":0,"prompt_tokens":[1,-2]}""", "t.jsonl:1:prompt_tokens[1]: found -2; expected a whole number from 0")]
    [InlineData("""{"arrival_s":0,"prompt_tokens":[1.0]}""", "t.jsonl:1:prompt_tokens[0]: found 1.0;")]
    [InlineData("""{"arrival_s":0,"prompt_tokens":[2147483648]}""", "t.jsonl:1:prompt_tokens[0]: found 2147483648;")]
    [InlineData("""{"arrival_s":0,"prompt_tokens":"1,2"}""", "t.jsonl:1:prompt_tokens: found \"1,2\"; expected an array of token ids")]
    [InlineData("""{"arrival_s":0,"prompt":"a","completion":1}""", "t.jsonl:1:completion: found 1; expected a string")]
    [InlineData("""{"arrival_s":0,"prompt":"a","domain":""}""", "t.jsonl:1:domain: found \"\"; expected a name")]
    [InlineData("""{"arrival_s":0,"prompt":"a","namespace":""}""", "t.jsonl:1:namespace: found \"\"; expected a name")]
    [InlineData("""{"arrival_s":0,"prompt":"a","class":"fast"}""", "t.jsonl:1:class: found \"fast\"; expected interactive, latency, throughput")]
    [InlineData("""{"arrival_s":0,"prompt":"a","class":1}""", "t.jsonl:1:class: found 1; expected a string")]
    [InlineData("""{"arrival_s":0,"prompt":"a","sampling":0.7}""", "t.jsonl:1:sampling: found 0.7; expected an object")]
    [InlineData("""{"arrival_s":0,"prompt":"a","sampling":{"top_k":1.5}}""", "t.jsonl:1:sampling.top_k: found 1.5;")]
    [InlineData("""{"arrival_s":0,"prompt":"a","sampling":{"top_p":true}}""", "t.jsonl:1:sampling.top_p: found true;")]
    [InlineData("""{"arrival_s":0,"prompt":"a","sampling":{"top_p":1.5}}""", "t.jsonl:1:sampling: top-p is 1.5; expected")]
    [InlineData("""{"arrival_s":0,"prompt":"a","sampling":{"seed":-1}}""", "t.jsonl:1:sampling.seed: found -1;")]
    [InlineData("""{"arrival_s":0,"prompt":"a","sampling":{"max_tokens":0}}""", "t.jsonl:1:sampling.max_tokens: found 0; expected a whole number from 1")]
    [InlineData("""{"arrival_s":0,"prompt":"a","sampling":{"logit_bias":{"x":1}}}""", "t.jsonl:1:sampling.logit_bias.x: the key is no token id;")]
    [InlineData("""{"arrival_s":0,"prompt":"\ud800"}""", "t.jsonl:1:prompt: the string has half of a surrogate pair;")]
    [InlineData("""{"arrival_s":0,"arrival_s":1,"prompt":"a"}""", "t.jsonl:1: no valid JSON")]
    [InlineData("""{"arrival_s":0,"prompt":"a"} {}""", "t.jsonl:1: no valid JSON")]
    [InlineData("[1]", "t.jsonl:1: found an array; expected an object")]
    [InlineData("hello", "t.jsonl:1: no valid JSON (byte 0);")]
    public void A_fault_names_file_line_and_key(string line, string expected)
    {
        string message = Assert.Throws<TraceException>(() => Read(line).ToList()).Message;
        Assert.StartsWith(expected, message);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void Requests_before_the_fault_are_delivered_and_the_line_number_counts_blank_lines()
    {
        using IEnumerator<TraceRequest> requests =
            Read("""{"arrival_s":0,"prompt":"a"}""" + "\n\n" + """{"arrival_s":0}""").GetEnumerator();
        Assert.True(requests.MoveNext());
        Assert.StartsWith("t.jsonl:3:prompt:", Assert.Throws<TraceException>(() => requests.MoveNext()).Message);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_refused()
    {
        byte[] line = [.. """{"arrival_s":0,"prompt":" """u8, 0xC3, 0x28, .. "\"}"u8];
        string message = Assert.Throws<TraceException>(() => TraceReader.Read(new MemoryStream(line), "t.jsonl").ToList()).Message;
        Assert.StartsWith("t.jsonl:1: the line is not UTF-8;", message);
    }

    [Fact]
    public void A_missing_file_is_refused_at_once_in_one_line()
    {
        string message = Assert.Throws<TraceException>(() => TraceReader.Read("/nowhere/t.jsonl")).Message;
        Assert.StartsWith("/nowhere/t.jsonl: cannot be opened", message);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void A_trace_is_read_as_it_streams_in()
    {
        using var endless = new EndlessTrace();
        Assert.Equal(100_000, TraceReader.Read(endless, "endless").Take(100_000).Count());
        Assert.True(endless.BytesRead < 100_100L * EndlessTrace.LineLength + (1 << 17));
    }

    [Fact]
    public void Lines_longer_than_the_buffer_are_read()
    {
        string prompt = new('x', 500_000);
        string text = $"{{\"arrival_s\":0,\"prompt\":\"{prompt}\"}}\n{{\"arrival_s\":0,\"prompt\":\"y\"}}\n";
        Assert.Equal([prompt, "y"], Read(text).Select(request => request.Prompt.Text));
    }

    private static IEnumerable<TraceRequest> Read(string text) =>
        TraceReader.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "t.jsonl");

    /// <summary>The same line for ever, in reads of odd sizes.</summary>
    private sealed class EndlessTrace : Stream
    {
        private static readonly byte[] Line = [.. "{\"arrival_s\":0,\"prompt\":\"again and again\"}\n"u8];

        public static int LineLength => Line.Length;

        public long BytesRead { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => BytesRead; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            int size = Math.Min(count, 997);
            for (int i = 0; i < size; i++)
                buffer[offset + i] = Line[(int)(BytesRead++ % Line.Length)];
            return size;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
