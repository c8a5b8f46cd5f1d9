using Atlas.Conformance.Models;
using Atlas.Core.Sampling;
using Atlas.Modeling.Engine;

namespace Atlas.Conformance;

/// <summary>Sampling, ranking and hidden states of a result, and how long they live.</summary>
public abstract class ResultConformance : EngineConformance
{
    /// <summary>Most that scores and log-probabilities may differ from those computed here from the whole logits.</summary>
    protected virtual float ScoreTolerance => 1e-4f;

    [Fact]
    public void Greedy_takes_the_greatest_logit()
    {
        using var decoder = Load("llama");
        using var sequence = decoder.OpenSequence();
        var result = Prefill(decoder, sequence, 12);
        for (int row = 0; row < 12; row++)
        {
            var logits = Logits(decoder, result, row);
            var drawn = Sample(result, new SampleSpec(row, State(SamplingOptions.Greedy), row + 1));
            Assert.Equal(Array.IndexOf(logits, logits.Max()), drawn.Token);
            Assert.Equal(LogProb(logits, drawn.Token), drawn.LogProb, ScoreTolerance);
        }
    }

    [Fact]
    public void Sampling_is_the_argmax_of_warped_logits_and_noise()
    {
        using var decoder = Load("qwen2");
        using var sequence = decoder.OpenSequence();
        var result = Prefill(decoder, sequence, 8);
        var seen = new HashSet<int>();
        for (ulong seed = 0; seed < 40; seed++)
        {
            var logits = Logits(decoder, result, 5);
            var options = new SamplingOptions { Temperature = 0.8f, Seed = seed };
            var key = GumbelNoise.Key(seed, 6);
            var scores = logits.Select((logit, token) => logit / 0.8f + GumbelNoise.At(key, token)).ToArray();
            var drawn = Sample(result, new SampleSpec(5, State(options), 6));
            Assert.Equal(scores.Max(), drawn.Score, ScoreTolerance);
            Assert.Equal(scores.Max(), scores[drawn.Token], ScoreTolerance);
            Assert.Equal(LogProb(logits, drawn.Token), drawn.LogProb, ScoreTolerance);
            seen.Add(drawn.Token);
        }
        Assert.True(seen.Count > 5);
    }

    [Fact]
    public void The_best_perturbed_tokens_begin_with_the_sampled_one()
    {
        using var decoder = Load("llama");
        using var sequence = decoder.OpenSequence();
        var result = Prefill(decoder, sequence, 4);
        for (ulong seed = 0; seed < 20; seed++)
        {
            var spec = new SampleSpec(3, State(new SamplingOptions { Temperature = 1.1f, Seed = seed }), 4);
            var best = TopPerturbed(result, spec, 6);
            Assert.Equal(Sample(result, spec), best[0]);
            Assert.Equal(6, best.Select(t => t.Token).Distinct().Count());
            for (int i = 1; i < best.Length; i++) Assert.True(best[i - 1].Score >= best[i].Score);
        }
    }

    [Fact]
    public void Filtered_tokens_are_never_drawn_and_missing_ones_are_minus_one()
    {
        using var decoder = Load("llama");
        using var sequence = decoder.OpenSequence();
        var result = Prefill(decoder, sequence, 4);
        var ranked = Logits(decoder, result, 3).Select((logit, token) => (logit, token)).OrderByDescending(t => t.logit).ToArray();
        var options = new SamplingOptions { Temperature = 2f, TopK = 3, Seed = 4 };
        var best = TopPerturbed(result, new SampleSpec(3, State(options), 4), 5);
        Assert.Equal(ranked.Take(3).Select(t => t.token).Order(), best.Take(3).Select(t => t.Token).Order());
        Assert.All(best.Skip(3), t => Assert.Equal(-1, t.Token));
        var mask = new TokenMask(decoder.Config.VocabularySize);
        mask.Allow(17);
        Assert.Equal(17, Sample(result, new SampleSpec(3, State(options), 4, Mask: mask)).Token);
        var biased = new SamplingOptions { LogitBias = new Dictionary<int, float> { [23] = 100f } };
        Assert.Equal(23, Sample(result, new SampleSpec(3, State(biased), 4)).Token);
    }

    [Fact]
    public void Penalties_count_the_output_and_the_path()
    {
        using var decoder = Load("llama");
        using var sequence = decoder.OpenSequence();
        var result = Prefill(decoder, sequence, 4);
        var logits = Logits(decoder, result, 3);
        var ranked = logits.Select((logit, token) => (logit, token)).OrderByDescending(t => t.logit).Select(t => t.token).ToArray();
        var options = new SamplingOptions { PresencePenalty = 1000f };
        var state = State(options);
        Assert.Equal(ranked[0], Sample(result, new SampleSpec(3, state, 4)).Token);
        Assert.Equal(ranked[1], Sample(result, new SampleSpec(3, state, 4, 1, 1), 99, ranked[0]).Token);
        state.Emit(ranked[1]);
        Assert.Equal(ranked[2], Sample(result, new SampleSpec(3, state, 4, 0, 1), ranked[0]).Token);
    }

    [Fact]
    public void Many_specs_give_what_each_gives_alone()
    {
        using var decoder = Load("mistral");
        using var sequence = decoder.OpenSequence();
        var result = Prefill(decoder, sequence, 9);
        var specs = Enumerable.Range(0, 27)
            .Select(i => new SampleSpec(i % 9, State(new SamplingOptions { Temperature = 1f, Seed = (ulong)i, TopP = 0.9f }), i)).ToArray();
        var together = new SampledToken[27 * 2];
        result.TopPerturbed(new SampleBatch(specs, []), 2, together);
        for (int i = 0; i < specs.Length; i++) Assert.Equal(TopPerturbed(result, specs[i], 2), together.AsSpan(2 * i, 2).ToArray());
        result.Sample(new SampleBatch([], []), []);
    }

    [Fact]
    public void Top_k_ranks_by_logit()
    {
        using var decoder = Load("odd-widths");
        using var sequence = decoder.OpenSequence();
        var result = Prefill(decoder, sequence, 5);
        var best = new SampledToken[3 * 4];
        result.TopK([4, 0, 2], 4, best);
        int[] rows = [4, 0, 2];
        for (int r = 0; r < 3; r++)
        {
            var logits = Logits(decoder, result, rows[r]);
            var expected = logits.Select((logit, token) => (logit, token)).OrderByDescending(t => t.logit).ThenBy(t => t.token).ToArray();
            for (int i = 0; i < 4; i++)
            {
                Assert.Equal(expected[i].token, best[4 * r + i].Token);
                Assert.Equal(expected[i].logit, best[4 * r + i].Score);
                Assert.Equal(LogProb(logits, expected[i].token), best[4 * r + i].LogProb, ScoreTolerance);
            }
        }
    }

    [Fact]
    public void Faulty_requests_are_refused()
    {
        using var decoder = Load("llama");
        using var sequence = decoder.OpenSequence();
        var plan = new BatchPlan();
        plan.Begin(sequence);
        plan.AddChain([1, 2, 3], BatchPlan.NoParent, lastOutput: true);
        var result = decoder.Forward(plan);
        Assert.Throws<ArgumentException>(() => Sample(result, new SampleSpec(0, State(SamplingOptions.Greedy), 3)));
        Assert.Throws<ArgumentException>(() => Sample(result, new SampleSpec(3, State(SamplingOptions.Greedy), 3)));
        Assert.Throws<ArgumentException>(() => result.TopK([2], 0, []));
        Assert.Throws<ArgumentException>(() => result.TopK([2], 2, new SampledToken[3]));
        Assert.Throws<ArgumentException>(() => result.ReadLogits(2, new float[5]));
        Assert.Throws<ArgumentException>(() => result.Hidden.Read(1, new float[64]));
        Assert.Throws<ArgumentException>(() => result.Hidden.Read(2, new float[63]));
        Assert.Throws<ArgumentException>(() => result.Hidden.Retain([2, 0]));
    }

    [Fact]
    public void Results_end_with_the_next_forward_but_not_with_a_commit()
    {
        using var decoder = Load("llama");
        using var sequence = decoder.OpenSequence();
        var result = Prefill(decoder, sequence, 3);
        var hidden = result.Hidden;
        var before = Logits(decoder, result, 2);
        sequence.CommitChain(3);
        Assert.Equal(before, Logits(decoder, result, 2));
        Prefill(decoder, sequence, 2);
        Assert.Throws<InvalidOperationException>(() => Logits(decoder, result, 0));
        Assert.Throws<InvalidOperationException>(() => Sample(result, new SampleSpec(0, State(SamplingOptions.Greedy), 1)));
        Assert.Throws<InvalidOperationException>(() => result.TopK([0], 1, new SampledToken[1]));
        Assert.Throws<InvalidOperationException>(() => result.Hidden);
        Assert.Throws<InvalidOperationException>(() => hidden.Read(0, new float[64]));
    }

    [Fact]
    public void Retained_hidden_states_outlive_their_forward()
    {
        using var decoder = Load("llama");
        using var sequence = decoder.OpenSequence();
        var result = Prefill(decoder, sequence, 6);
        Assert.Equal(64, result.Hidden.Width);
        float[] four = Hidden(result.Hidden, 4), one = Hidden(result.Hidden, 1);
        using var retained = result.Hidden.Retain([4, 1, 4]);
        Prefill(decoder, sequence, 2);
        Assert.Equal((3, 64), (retained.Count, retained.Width));
        Assert.Equal(four, Hidden(retained, 0));
        Assert.Equal(one, Hidden(retained, 1));
        Assert.Equal(four, Hidden(retained, 2));
        using var second = retained.Retain([1]);
        Assert.Equal(one, Hidden(second, 0));
        Assert.Throws<ArgumentException>(() => Hidden(retained, 3));
    }

    [Fact]
    public void Replaced_weights_are_those_of_a_fresh_decoder()
    {
        foreach (string model in new[] { "llama", "qwen2" })
        {
            using var decoder = Load(model, seed: 1);
            using var fresh = Load(model, seed: 2);
            var old = LogitsAfter(decoder, 1, 2, 3);
            decoder.ReplaceWeights(new TestWeights(decoder.Config, 2));
            var replaced = LogitsAfter(decoder, 1, 2, 3);
            AssertSame(LogitsAfter(fresh, 1, 2, 3), replaced);
            Assert.NotEqual(old, replaced);
            var faulty = new TestWeights(decoder.Config, 3);
            faulty.Remove(Atlas.Modeling.DecoderTensors.FinalNorm);
            Assert.Throws<Atlas.Modeling.CheckpointException>(() => decoder.ReplaceWeights(faulty));
            AssertSame(replaced, LogitsAfter(decoder, 1, 2, 3));
        }
    }

    private static IForwardResult Prefill(IDecoder decoder, IDecoderSequence sequence, int count)
    {
        var tokens = Tokens(decoder, count);
        var plan = new BatchPlan();
        plan.Begin(sequence);
        int first = sequence.Pending;
        for (int i = 0; i < count; i++) plan.Add(tokens[i], i == 0 ? BatchPlan.NoParent : first + i - 1, output: true);
        return decoder.Forward(plan);
    }

    private static float LogProb(float[] logits, int token)
    {
        double max = logits.Max();
        return (float)(logits[token] - max - Math.Log(logits.Sum(logit => Math.Exp(logit - max))));
    }
}
