using Atlas.Core.Sampling;
using Atlas.Modeling.Engine;

namespace Atlas.Compute.Torch.Tests;

/// <summary>What is drawn on the device against the host's sampler on the same logits.</summary>
public sealed class DrawingTests
{
    public static TheoryData<string> Options => [.. Choices.Keys];

    private static Dictionary<string, SamplingOptions> Choices { get; } = new()
    {
        ["greedy"] = SamplingOptions.Greedy,
        ["plain"] = new() { Temperature = 1f, Seed = 7 },
        ["hot"] = new() { Temperature = 1.7f, Seed = 8 },
        ["top-k"] = new() { Temperature = 0.8f, TopK = 5, Seed = 9 },
        ["top-p"] = new() { Temperature = 1.3f, TopP = 0.7f, Seed = 10 },
        ["min-p"] = new() { Temperature = 2f, MinP = 0.4f, Seed = 11 },
        ["all filters"] = new() { Temperature = 1.1f, TopK = 20, TopP = 0.8f, MinP = 0.1f, Seed = 12 },
        ["penalties"] = new() { Temperature = 0.9f, RepetitionPenalty = 1.3f, PresencePenalty = 0.4f, FrequencyPenalty = 0.2f, Seed = 13 },
        ["greedy penalties"] = new() { RepetitionPenalty = 1.8f, FrequencyPenalty = 0.5f },
        ["bias"] = new() { Temperature = 1f, LogitBias = new Dictionary<int, float> { [3] = 4f, [9] = float.NegativeInfinity }, Seed = 14 },
        ["mask"] = new() { Temperature = 1f, AllowedTokens = Mask(1, 4, 9, 63, 64, 79), Seed = 15 },
    };

    [Theory]
    [MemberData(nameof(Options))]
    public void Draws_what_the_host_draws(string name)
    {
        using var test = new TestDecoder("llama-bias");
        using var sequence = test.Open(test.Tokens[..5]);
        var state = State(Choices[name], test.Tokens);
        var result = Forward(test, sequence);
        var host = new CoupledSampler(test.Vocabulary);
        int[] path = [7, 3, 7];
        for (int position = 5; position < 105; position++)
        {
            var specs = Enumerable.Range(0, 4)
                .Select(row => new SampleSpec(row, state, position, 0, row, row == 3 ? Mask(4, 9, 40, 41, 42, 79) : null)).ToArray();
            const int Best = 8;
            var device = new SampledToken[specs.Length * Best];
            result.TopPerturbed(new SampleBatch(specs, path), Best, device);
            var drawn = new SampledToken[specs.Length];
            result.Sample(new SampleBatch(specs, path), drawn);
            for (int s = 0; s < specs.Length; s++)
            {
                var expected = new SampledToken[Best];
                host.Draw(LogitAssert.Read(result, s, test.Vocabulary), specs[s], path.AsSpan(0, s), expected);
                AssertSame(expected, device.AsSpan(s * Best, Best));
                Assert.Equal(expected[0].Token, drawn[s].Token);
            }
        }
    }

    [Fact]
    public void Specs_of_one_batch_may_differ_in_everything()
    {
        using var test = new TestDecoder("qwen2-tied");
        using var sequence = test.Open(test.Tokens[..5]);
        var result = Forward(test, sequence);
        var host = new CoupledSampler(test.Vocabulary);
        var specs = Choices.Values.Select((o, i) => new SampleSpec(i % 4, State(o, test.Tokens), 20 + i)).ToArray();
        var drawn = new SampledToken[specs.Length];
        result.Sample(new SampleBatch(specs, []), drawn);
        for (int i = 0; i < specs.Length; i++)
        {
            var expected = new SampledToken[1];
            host.Draw(LogitAssert.Read(result, specs[i].Row, test.Vocabulary), specs[i], [], expected);
            AssertSame(expected, drawn.AsSpan(i, 1));
        }
    }

    [Fact]
    public void Plain_scores_equal_the_hosts_to_the_bit()
    {
        using var test = new TestDecoder("llama-bias");
        using var sequence = test.Open(test.Tokens[..5]);
        var result = Forward(test, sequence);
        var logits = LogitAssert.Read(result, 0, test.Vocabulary);
        var ranked = new SampledToken[test.Vocabulary];
        for (int position = 0; position < 300; position++)
        {
            var options = new SamplingOptions { Temperature = 1f, Seed = (ulong)position * 0x123456789abcdefUL };
            result.TopPerturbed(new SampleBatch([new SampleSpec(0, State(options, []), position)], []), test.Vocabulary, ranked);
            var key = GumbelNoise.Key(options.Seed, position);
            foreach (var token in ranked)
            {
                float expected = logits[token.Token] + GumbelNoise.At(key, token.Token);
                Assert.Equal(BitConverter.SingleToInt32Bits(expected), BitConverter.SingleToInt32Bits(token.Score));
            }
        }
    }

    [Fact]
    public void The_most_probable_tokens_come_best_first()
    {
        using var test = new TestDecoder("qwen3-bias");
        using var sequence = test.Open(test.Tokens[..5]);
        var result = Forward(test, sequence);
        var best = new SampledToken[2 * 10];
        result.TopK([2, 0], 10, best);
        var host = new CoupledSampler(test.Vocabulary);
        var expected = new SampledToken[10];
        host.Top(LogitAssert.Read(result, 2, test.Vocabulary), expected);
        AssertSame(expected, best.AsSpan(0, 10));
        host.Top(LogitAssert.Read(result, 0, test.Vocabulary), expected);
        AssertSame(expected, best.AsSpan(10, 10));
    }

    [Fact]
    public void Masking_everything_is_an_error()
    {
        using var test = new TestDecoder("llama-bias");
        using var sequence = test.Open(test.Tokens[..5]);
        var result = Forward(test, sequence);
        var spec = new SampleSpec(0, State(SamplingOptions.Greedy, []), 5, Mask: new TokenMask(test.Vocabulary));
        var drawn = new SampledToken[1];
        Assert.Throws<InvalidOperationException>(() => result.Sample(new SampleBatch([spec], []), drawn));
    }

    private static IForwardResult Forward(TestDecoder test, IDecoderSequence sequence)
    {
        var plan = new BatchPlan();
        plan.Begin(sequence);
        for (int i = 0; i < 4; i++) plan.Add(test.Tokens[5 + i], i - 1, output: true);
        return test.Decoder.Forward(plan);
    }

    private static void AssertSame(ReadOnlySpan<SampledToken> expected, ReadOnlySpan<SampledToken> actual)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i].Token, actual[i].Token);
            if (expected[i].Token < 0) continue;
            Assert.Equal(expected[i].LogProb, actual[i].LogProb, 1e-4f);
            Assert.Equal(expected[i].Score, actual[i].Score, 1e-5f);
        }
    }

    private static SamplingState State(SamplingOptions options, int[] prompt)
    {
        var state = new SamplingState(options, prompt, 16);
        if (prompt.Length == 0) return state;
        foreach (int token in (int[])[3, 9, 3, 3]) state.Emit(token);
        return state;
    }

    private static TokenMask Mask(params int[] tokens)
    {
        var mask = new TokenMask(80);
        foreach (int token in tokens) mask.Allow(token);
        return mask;
    }
}
