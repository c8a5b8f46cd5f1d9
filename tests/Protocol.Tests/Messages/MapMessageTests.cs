using System.Buffers;
using Atlas.Protocol.Messages;
using Atlas.Protocol.Rpc;

namespace Atlas.Protocol.Tests.Messages;

public sealed class MapMessageTests
{
    [Fact]
    public void Unknown_keys_of_any_type_are_ignored_and_nil_is_the_default()
    {
        // {"x": [1, {2: 3}], 7: nil, "session": 4, "class": nil, "a name longer than any key of the protocol, and more than sixty-four bytes": true}
        string longName = "a name longer than any key of the protocol, and more than sixty-four bytes";
        byte[] bytes =
        [
            0x85, 0xa1, (byte)'x', 0x92, 1, 0x81, 2, 3, 7, 0xc0, .. Text("session"), 4, .. Text("class"), 0xc0,
            0xd9, (byte)longName.Length, .. System.Text.Encoding.UTF8.GetBytes(longName), 0xc3,
        ];
        for (int at = 0; at <= bytes.Length; at++)
        {
            var reader = new MessagePackReader(Segments.Split(bytes, at));
            var message = new OpenParams { Namespace = "left over", Class = "latency" };
            message.Tokens.Set([1, 2]);
            message.Read(ref reader);
            Assert.True(reader.End);
            Assert.Equal((4, "interactive", "", 0), (message.Session, message.Class, message.Namespace, message.Tokens.Count));
        }
    }

    [Fact]
    public void Nil_does_not_satisfy_a_required_key() =>
        Assert.Equal("session is missing", Fault<OpenParams>([0x81, .. Text("session"), 0xc0]).Message);

    [Theory]
    [InlineData("93070800", new[] { 7, 8, 0 })]
    [InlineData("c40807000000ffffff7f", new[] { 7, int.MaxValue })]
    [InlineData("90", new int[0])]
    [InlineData("c400", new int[0])]
    [InlineData("91ce7fffffff", new[] { int.MaxValue })]
    public void Tokens_come_as_integers_or_as_packed_bytes(string hex, int[] expected)
    {
        byte[] bytes = Convert.FromHexString(hex);
        for (int at = 0; at <= bytes.Length; at++)
        {
            var tokens = new TokenBuffer();
            var reader = new MessagePackReader(Segments.Split(bytes, at));
            tokens.Read(ref reader);
            Assert.Equal(expected, tokens.Span.ToArray());
        }
    }

    [Trait("Codec", "own")]
    [Theory]
    [InlineData("c403070000", "tokens: bin of 3 bytes; expected a multiple of 4")]
    [InlineData("c404ffffffff", "tokens: holds -1; expected 0 or more")]
    [InlineData("91ff", "tokens: holds -1; expected 0 or more")]
    [InlineData("91ce80000000", "tokens: ")]
    [InlineData("91a161", "tokens: met fixstr (0xa1); expected a number")]
    [InlineData("80", "tokens: met fixmap (0x80); expected an array")]
    [InlineData("ddffffffff", "tokens: the bytes end inside a value")]
    [InlineData("c6ffffffff", "tokens: the bytes end inside a value")]
    public void What_are_no_tokens_says_so(string hex, string fault)
    {
        RpcError error = Fault<OpenParams>([0x82, .. Text("session"), 1, .. Text("tokens"), .. Convert.FromHexString(hex)]);
        Assert.StartsWith(fault, error.Message, StringComparison.Ordinal);
        Assert.Equal("tokens", error.Parameter);
    }

    [Fact]
    public void Floats_come_as_numbers_of_any_format_or_as_packed_bytes()
    {
        foreach (string hex in new[] { "93ca3f800000cb400000000000000003", "c40c0000803f0000004000004040" })
        {
            var floats = new FloatBuffer();
            var reader = new MessagePackReader(Convert.FromHexString(hex));
            floats.Read(ref reader);
            Assert.Equal([1f, 2f, 3f], floats.Span.ToArray());
        }
    }

    [Fact]
    public void Buffers_keep_their_memory_from_message_to_message()
    {
        var params1 = new DraftParams();
        for (int i = 0; i < 10; i++)
        {
            SequenceUpdate update = params1.Sequences.Add();
            update.Session = i;
            update.Tokens.Set([i, i + 1]);
        }
        byte[] bytes = Wire.Encode(params1);
        var message = new DraftParams();
        var writer = new ArrayBufferWriter<byte>(bytes.Length * 2);
        RoundTrip(message, bytes, writer);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++) RoundTrip(message, bytes, writer);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(bytes, writer.WrittenSpan.ToArray());
    }

    [Fact]
    public void Fields_that_do_not_fit_one_another_are_named()
    {
        Assert.Equal("top_tokens", Checked(u => u.TopK = 2).Parameter);
        Assert.Equal("top_logprobs", Checked(u => { u.TopK = 2; u.TopTokens.Set([1, 2, 3, 4]); }).Parameter);
        Assert.Equal("hidden", Checked(u => u.Hidden.Set(new byte[10])).Parameter);
        Assert.Equal("hidden", Checked(u => { u.Tokens.Clear(); u.Hidden.Set(new byte[8]); }).Parameter);
        Assert.Equal("budget", Checked(u => u.Budget = 1025).Parameter);
        Assert.Equal("base", Checked(u => u.Base = -1).Parameter);

        static RpcError Checked(Action<SequenceUpdate> change)
        {
            var update = new SequenceUpdate { Session = 1 };
            update.Tokens.Set([5, 6]);
            change(update);
            return Fault<SequenceUpdate>(Wire.Encode(update));
        }
    }

    [Fact]
    public void A_draft_whose_parents_make_no_tree_is_refused()
    {
        var draft = new SequenceDraft { Session = 1 };
        draft.Tokens.Set([1, 2]);
        draft.Parents.Set([-1, 1]);
        Assert.Equal("parents: [1] is 1; expected -1 to 0", Fault<SequenceDraft>(Wire.Encode(draft)).Message);
        draft.Parents.Set([-1]);
        Assert.Equal("parents", Fault<SequenceDraft>(Wire.Encode(draft)).Parameter);
        draft.Parents.Clear();
        draft.Confidence.Set([1]);
        Assert.Equal("confidence", Fault<SequenceDraft>(Wire.Encode(draft)).Parameter);
    }

    [Fact]
    public void A_batch_beyond_the_limit_is_refused_before_it_is_read()
    {
        byte[] bytes = [0x81, .. Text("sequences"), 0xdc, 0x10, 0x01, .. new byte[5000]];
        Assert.Equal("sequences: 4097 elements; expected at most 4096", Fault<DraftParams>(bytes).Message);
    }

    [Fact]
    public void A_generation_needs_one_kind_of_prompt()
    {
        Assert.Equal(RpcErrorCode.MissingParameter, Fault<GenerateParams>([0x80]).Code);
        var both = new GenerateParams { Prompt = "x" };
        both.Tokens.Set([1]);
        Assert.Equal("tokens", Fault<GenerateParams>(Wire.Encode(both)).Parameter);
        Assert.Equal("request", Fault<GenerateParams>(Wire.Encode(new GenerateParams { Prompt = "x", Stream = true })).Parameter);
        Assert.Equal("n", Fault<GenerateParams>(Wire.Encode(new GenerateParams { Prompt = "x", N = 1025 })).Parameter);
        Assert.Equal("max_tokens", Fault<GenerateParams>(Wire.Encode(new GenerateParams { Prompt = "x", MaxTokens = 0 })).Parameter);
        Assert.Equal("speculator: is 'best'; expected auto, none, static, suffix, recall, learned, learned-text, merged", Fault<GenerateParams>(Wire.Encode(new GenerateParams { Prompt = "x", Speculator = "best" })).Message);
    }

    [Fact]
    public void All_parameters_of_a_generation_travel()
    {
        var sent = new GenerateParams
        {
            Request = 9,
            Stream = true,
            N = 4,
            MaxTokens = 77,
            IgnoreEnd = true,
            Logprobs = 5,
            Seed = ulong.MaxValue,
            Temperature = 0.7f,
            TopK = 40,
            TopP = 0.9f,
            MinP = 0.05f,
            RepetitionPenalty = 1.1f,
            PresencePenalty = 0.2f,
            FrequencyPenalty = 0.3f,
            Class = "latency",
            Namespace = "n",
            Speculator = "merged",
        };
        sent.Tokens.Set([1, 2]);
        sent.StopTokens.Set([3]);
        sent.Stop.AddRange(["a", "b"]);
        sent.LogitBias[4] = -100;
        byte[] bytes = Wire.Encode(sent);
        var got = Wire.Decode<GenerateParams>(bytes);
        Assert.Equal(
            (9, true, 4, 77, true, 5, ulong.MaxValue), (got.Request, got.Stream, got.N, got.MaxTokens, got.IgnoreEnd, got.Logprobs, got.Seed!.Value));
        Assert.Equal(
            (0.7f, 40, 0.9f, 0.05f, 1.1f, 0.2f, 0.3f),
            (got.Temperature, got.TopK, got.TopP, got.MinP, got.RepetitionPenalty, got.PresencePenalty, got.FrequencyPenalty));
        Assert.Equal(("latency", "n", "merged", -100f), (got.Class, got.Namespace, got.Speculator, got.LogitBias[4]));
        Assert.Equal(bytes, Wire.Encode(got));
    }

    [Fact]
    public void Logit_bias_takes_token_ids_as_text()
    {
        var got = Wire.Decode<GenerateParams>([0x82, .. Text("prompt"), .. Text("x"), .. Text("logit_bias"), 0x81, .. Text("12"), 5]);
        Assert.Equal(5f, got.LogitBias[12]);
        Assert.Equal("logit_bias", Fault<GenerateParams>([0x82, .. Text("prompt"), .. Text("x"), .. Text("logit_bias"), 0x81, .. Text("1x"), 5]).Parameter);
    }

    private static byte[] Text(string text) => [(byte)(0xa0 | text.Length), .. System.Text.Encoding.UTF8.GetBytes(text)];

    private static RpcError Fault<T>(byte[] bytes)
        where T : MapMessage, new() => Assert.Throws<RpcException>(() => Wire.Decode<T>(bytes)).Error;

    private static void RoundTrip(DraftParams message, byte[] bytes, ArrayBufferWriter<byte> output)
    {
        var reader = new MessagePackReader(bytes);
        message.Read(ref reader);
        output.ResetWrittenCount();
        var writer = new MessagePackWriter(output);
        message.Write(ref writer);
        writer.Flush();
    }
}
