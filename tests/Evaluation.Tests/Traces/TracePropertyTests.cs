using System.Text;
using Atlas.Core.Decoding;
using Atlas.Core.Sampling;
using Atlas.Evaluation.Traces;

namespace Atlas.Evaluation.Tests.Traces;

public sealed class TracePropertyTests
{
    [Fact]
    public void What_is_written_is_read_back()
    {
        var random = new Random(20);
        TraceRequest[] requests = [.. Enumerable.Range(0, 2_000).Select(_ => AnyRequest(random))];
        TraceRequest[] read = [.. TraceReader.Read(new MemoryStream(Write(requests)), "t.jsonl")];
        Assert.Equal(requests.Length, read.Length);
        for (int i = 0; i < requests.Length; i++)
        {
            Assert.Equal(requests[i].Sampling?.Options.LogitBias, read[i].Sampling?.Options.LogitBias);
            Assert.Equal(WithoutBias(requests[i]), WithoutBias(read[i]));
        }
    }

    [Fact]
    public void Every_request_is_one_line()
    {
        var random = new Random(21);
        TraceRequest[] requests = [.. Enumerable.Range(0, 500).Select(_ => AnyRequest(random))];
        byte[] bytes = Write(requests);
        Assert.Equal(requests.Length, bytes.Count(value => value == (byte)'\n'));
        Assert.Equal((byte)'\n', bytes[^1]);
    }

    // A damaged trace is either still a trace or ends in a TraceException of one line that names the damaged line; nothing else gets out.
    [Fact]
    public void Damaged_traces_are_read_or_refused_by_name()
    {
        var random = new Random(22);
        int refused = 0;
        for (int round = 0; round < 20_000; round++)
        {
            byte[] bytes = Damage(Write([AnyRequest(random), AnyRequest(random)]), random);
            try
            {
                foreach (TraceRequest request in TraceReader.Read(new MemoryStream(bytes), "t.jsonl"))
                {
                    Assert.False(request.Prompt.IsEmpty);
                    Assert.True(request.ArrivalSeconds >= 0);
                    Assert.Null(request.Sampling?.Options.Fault(int.MaxValue));
                }
            }
            catch (TraceException fault)
            {
                refused++;
                Assert.Matches(@"\At\.jsonl:[1-9][0-9]*:.+", fault.Message);
                Assert.DoesNotContain('\n', fault.Message);
                Assert.Contains("expected", fault.Message);
            }
        }
        Assert.InRange(refused, 5_000, 19_000);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(-1.0)]
    [InlineData(double.PositiveInfinity)]
    public void An_impossible_arrival_is_not_written(double seconds) => Refused(Request() with { ArrivalSeconds = seconds });

    [Fact]
    public void Requests_that_no_trace_may_hold_are_not_written()
    {
        Refused(Request() with { Namespace = "" });
        Refused(Request() with { Namespace = "\ud800" });
        Refused(Request() with { Domain = "" });
        Refused(Request() with { Domain = "\ud800" });
        Refused(Request() with { Class = (RequestClass)9 });
        Refused(Request() with { Prompt = TraceText.Of("") });
        Refused(Request() with { Prompt = TraceText.Of([]) });
        Refused(Request() with { Sampling = new TraceSampling(new SamplingOptions { TopP = 0 }) });
        Refused(Request() with { Sampling = new TraceSampling(SamplingOptions.Greedy, MaxTokens: 0) });
        Refused(Request() with
        {
            Sampling = new TraceSampling(new SamplingOptions { LogitBias = new Dictionary<int, float> { [1] = float.NegativeInfinity } }),
        });
        Assert.Throws<ArgumentException>(() => TraceText.Of("a\udc00"));
        Assert.Throws<ArgumentOutOfRangeException>(() => TraceText.Of([-1]));
    }

    [Fact]
    public void A_file_is_written_and_read()
    {
        string path = Path.GetTempFileName();
        try
        {
            using (var writer = new TraceWriter(path))
                writer.Write(Request());
            Assert.Equal(Request(), Assert.Single(TraceReader.Read(path)));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void Refused(TraceRequest request)
    {
        using var stream = new MemoryStream();
        using var writer = new TraceWriter(stream, leaveOpen: true);
        Assert.Throws<ArgumentException>(() => writer.Write(request));
        Assert.Equal(0, stream.Length);
        writer.Write(Request());
        stream.Position = 0;
        Assert.Equal(Request(), Assert.Single(TraceReader.Read(stream, "t.jsonl")));
    }

    private static TraceRequest Request() => new() { ArrivalSeconds = 0.25, Prompt = TraceText.Of("a prompt") };

    private static byte[] Write(IEnumerable<TraceRequest> requests)
    {
        using var stream = new MemoryStream();
        using (var writer = new TraceWriter(stream, leaveOpen: true))
        {
            foreach (TraceRequest request in requests)
                writer.Write(request);
        }
        return stream.ToArray();
    }

    private static TraceRequest WithoutBias(TraceRequest request) => request.Sampling is null
        ? request
        : request with { Sampling = request.Sampling with { Options = request.Sampling.Options with { LogitBias = null } } };

    private static TraceRequest AnyRequest(Random random) => new()
    {
        ArrivalSeconds = random.Next(3) == 0 ? random.Next(100) : Math.Pow(10, random.NextDouble() * 12 - 6),
        Namespace = "n" + AnyText(random, 8),
        Domain = random.Next(2) == 0 ? null : "d" + AnyText(random, 8),
        Class = (RequestClass)random.Next(3),
        Prompt = random.Next(2) == 0 ? TraceText.Of("p" + AnyText(random, 40)) : AnyTokens(random, 1),
        Completion = random.Next(3) switch { 0 => null, 1 => TraceText.Of(AnyText(random, 40)), _ => AnyTokens(random, 0) },
        Sampling = random.Next(2) == 0 ? null : AnySampling(random),
    };

    private static TraceText AnyTokens(Random random, int least)
    {
        int[] tokens = new int[random.Next(least, 12)];
        for (int i = 0; i < tokens.Length; i++)
            tokens[i] = random.Next(4) == 0 ? int.MaxValue - random.Next(3) : random.Next(100_000);
        return TraceText.Of(tokens);
    }

    private static TraceSampling AnySampling(Random random) => new(
        new SamplingOptions
        {
            Temperature = random.Next(2) == 0 ? 0f : random.NextSingle() * 3,
            TopK = random.Next(2) * random.Next(100),
            TopP = random.Next(2) == 0 ? 1f : 1f - random.NextSingle() * 0.99f,
            MinP = random.NextSingle(),
            RepetitionPenalty = 0.1f + random.NextSingle(),
            PresencePenalty = random.NextSingle() - 0.5f,
            FrequencyPenalty = -random.NextSingle() * 1e-6f,
            LogitBias = random.Next(2) == 0 ? null : new Dictionary<int, float> { [random.Next()] = random.NextSingle() * 1e30f },
            Seed = (ulong)random.NextInt64() << random.Next(2),
        },
        random.Next(2) == 0 ? null : random.Next(1, 10_000));

    private static string AnyText(Random random, int most)
    {
        var text = new StringBuilder();
        for (int i = random.Next(most); i > 0; i--)
        {
            text.Append(random.Next(6) switch
            {
                0 => new Rune(random.Next(0x10000, 0x110000)),
                1 => new Rune(random.Next(0x80, 0xD800)),
                2 => (Rune)"\"\\/\n\r\t\0\b\u2028<"[random.Next(10)],
                _ => (Rune)(char)random.Next(' ', 0x7F),
            });
        }
        return text.ToString();
    }

    private static byte[] Damage(byte[] bytes, Random random)
    {
        var damaged = bytes.ToList();
        for (int times = random.Next(1, 4); times > 0 && damaged.Count > 0; times--)
        {
            int at = random.Next(damaged.Count);
            switch (random.Next(6))
            {
                case 0:
                    damaged[at] = (byte)random.Next(256);
                    break;
                case 1:
                    damaged.RemoveAt(at);
                    break;
                case 2:
                    damaged.Insert(at, (byte)"{}[],:\"\\-0.e\n"[random.Next(13)]);
                    break;
                case 3:
                    damaged.RemoveRange(at, Math.Min(random.Next(10), damaged.Count - at));
                    break;
                case 4:
                    damaged.RemoveRange(at, damaged.Count - at);
                    break;
                default:
                    damaged.InsertRange(at, damaged.GetRange(at, Math.Min(random.Next(10), damaged.Count - at)));
                    break;
            }
        }
        return [.. damaged];
    }
}
