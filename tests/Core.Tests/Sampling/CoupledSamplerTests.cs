using Atlas.Conformance.Statistics;
using Atlas.Core.Sampling;

namespace Atlas.Core.Tests.Sampling;

public sealed class CoupledSamplerTests
{
    public static TheoryData<string, SamplingOptions> Options => new()
    {
        { "temperature", new SamplingOptions { Temperature = 0.7f } },
        { "top-k", new SamplingOptions { Temperature = 1f, TopK = 5 } },
        { "top-p", new SamplingOptions { Temperature = 1.3f, TopP = 0.8f } },
        { "min-p", new SamplingOptions { Temperature = 1f, MinP = 0.2f } },
        { "penalties", new SamplingOptions { Temperature = 1f, RepetitionPenalty = 1.3f, PresencePenalty = 0.4f, FrequencyPenalty = 0.3f } },
        { "all", new SamplingOptions { Temperature = 0.9f, TopK = 9, TopP = 0.9f, MinP = 0.05f, FrequencyPenalty = -0.5f } },
    };

    [Theory]
    [MemberData(nameof(Options))]
    public void Sampled_frequencies_follow_the_probabilities(string name, SamplingOptions options)
    {
        Assert.NotEmpty(name);
        const int vocabulary = 16;
        var logits = Enumerable.Range(0, vocabulary).Select(i => MathF.Sin(i * 1.7f) * 2).ToArray();
        var sampler = new CoupledSampler(vocabulary);
        var c = new SampleCase(options) { Prompt = [1, 2], Output = [3, 3, 4], Path = [5, 3] };
        var p = new float[vocabulary];
        sampler.Probabilities(logits, c.Spec(), c.Path, p);
        var counts = new int[vocabulary];
        var best = new SampledToken[1];
        var state = c.Spec().State;
        for (int position = 0; position < 60_000; position++)
        {
            sampler.Draw(logits, new SampleSpec(0, state, position), c.Path, best);
            counts[best[0].Token]++;
        }
        ChiSquare.AssertFits(counts, p.Select(x => (double)x).ToArray());
    }

    [Fact]
    public void Greedy_takes_the_lowest_of_equal_tokens()
    {
        var drawn = new SampleCase(SamplingOptions.Greedy).Draw(new CoupledSampler(6), [1f, 4f, 2f, 4f, 4f, 0f], 4);
        Assert.Equal([1, 3, 4, 2], drawn.Select(d => d.Token));
        Assert.Equal([4f, 4f, 4f, 2f], drawn.Select(d => d.Score));
    }

    [Fact]
    public void Top_k_keeps_exactly_k_of_equal_tokens_those_with_the_lowest_ids()
    {
        var sampler = new CoupledSampler(6);
        var p = new float[6];
        var c = new SampleCase(new SamplingOptions { Temperature = 1f, TopK = 3 });
        sampler.Probabilities([2f, 1f, 2f, 1f, 2f, 2f], c.Spec(), c.Path, p);
        Assert.Equal([1f / 3, 0f, 1f / 3, 0f, 1f / 3, 0f], p);
    }

    [Theory]
    [InlineData(0.2f, 1)]
    [InlineData(0.25f, 1)]
    [InlineData(0.26f, 2)]
    [InlineData(0.5f, 2)]
    [InlineData(0.75f, 3)]
    [InlineData(0.76f, 4)]
    public void Top_p_keeps_the_fewest_tokens_that_reach_it(float topP, int expected)
    {
        var sampler = new CoupledSampler(4);
        var p = new float[4];
        var c = new SampleCase(new SamplingOptions { Temperature = 1f, TopP = topP });
        sampler.Probabilities([1f, 1f, 1f, 1f], c.Spec(), c.Path, p);
        Assert.Equal(Enumerable.Range(0, 4).Select(i => i < expected ? 1f / expected : 0f), p);
    }

    [Fact]
    public void Top_p_looks_beyond_the_near_candidates_where_a_flat_tail_holds_the_mass()
    {
        // One token far above 40,000 equal ones that together outweigh it: the nucleus reaches deep into them.
        const int tail = 40_000;
        var logits = Enumerable.Repeat(-18f, tail + 1).ToArray();
        logits[100] = 0f;
        double share = 1 / (1 + tail * Math.Exp(-18));
        var sampler = new CoupledSampler(tail + 1);
        var p = new float[tail + 1];
        var c = new SampleCase(new SamplingOptions { Temperature = 1f, TopP = (float)(share + (1 - share) / 2) });
        sampler.Probabilities(logits, c.Spec(), c.Path, p);
        Assert.InRange(p.Count(x => x > 0), tail * 0.49, tail * 0.51);
        Assert.True(p[100] > 0 && p[0] > 0 && p[^1] == 0);
    }

    [Fact]
    public void A_NaN_logit_changes_no_other_token()
    {
        var sampler = new CoupledSampler(5);
        var c = new SampleCase(new SamplingOptions { Temperature = 1f, TopP = 0.95f, Seed = 3 });
        var (with, without) = (new float[5], new float[5]);
        sampler.Probabilities([1f, 1.2f, float.NaN, 0.9f, 1.1f], c.Spec(), c.Path, with);
        sampler.Probabilities([1f, 1.2f, float.NegativeInfinity, 0.9f, 1.1f], c.Spec(), c.Path, without);
        Assert.Equal(without, with);
        Assert.Equal(4, with.Count(p => p > 0));
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(1f)]
    public void Nothing_to_draw_is_an_error_that_names_the_position(float temperature)
    {
        var sampler = new CoupledSampler(4);
        var c = new SampleCase(new SamplingOptions { Temperature = temperature }) { Mask = new TokenMask(4), Position = 77 };
        var error = Assert.Throws<InvalidOperationException>(() => c.Draw(sampler, [1f, 2f, 3f, 4f]));
        Assert.Contains("77", error.Message);
        Assert.Throws<InvalidOperationException>(() => sampler.Probabilities([1f, 2f, 3f, 4f], c.Spec(), c.Path, new float[4]));
    }

    [Fact]
    public void A_mask_holds_the_one_token_that_may_be_drawn()
    {
        var mask = new TokenMask(40);
        mask.Allow(33);
        var logits = Enumerable.Range(0, 40).Select(i => (float)-i).ToArray();
        var c = new SampleCase(new SamplingOptions { Temperature = 1f, TopP = 0.1f, TopK = 2, MinP = 0.9f }) { Mask = mask };
        var drawn = c.Draw(new CoupledSampler(40), logits, 3);
        Assert.Equal([33, -1, -1], drawn.Select(d => d.Token));
    }

    [Fact]
    public void A_hot_vocabulary_draws_with_the_noise_of_the_full_ids()
    {
        // Where the other tokens are masked, full and hot vocabulary are the same draw.
        var random = new RandomCases(5);
        var sampler = new CoupledSampler(100);
        for (int i = 0; i < 500; i++)
        {
            var c = random.Next(100, hot: true) with { Mask = null };
            c = c with { Options = c.Options with { AllowedTokens = null, LogitBias = null } };
            var full = Enumerable.Range(0, 100).Select(t => MathF.Cos(t * 2.3f + i) * 4).ToArray();
            var mask = new TokenMask(100);
            foreach (int id in c.Ids!) mask.Allow(id);
            var hot = c.Draw(sampler, [.. c.Ids.Select(id => full[id])], 4);
            var masked = (c with { Ids = null, Mask = mask }).Draw(sampler, full, 4);
            Assert.Equal(masked.Select(d => (d.Token, d.Score)), hot.Select(d => (d.Token, d.Score)));
        }
    }

    [Fact]
    public void Path_tokens_are_penalized_as_if_they_had_been_emitted()
    {
        var random = new RandomCases(6);
        var sampler = new CoupledSampler(50);
        for (int i = 0; i < 1000; i++)
        {
            var c = random.Next(50, hot: false) with { Mask = null };
            c = c with { Options = c.Options with { AllowedTokens = null } };
            var logits = Enumerable.Range(0, 50).Select(t => MathF.Cos(t * 1.1f + i) * 3).ToArray();
            var drafted = c.Draw(sampler, logits, 3);
            var emitted = (c with { Output = [.. c.Output, .. c.Path], Path = [] }).Draw(sampler, logits, 3);
            Assert.Equal(emitted, drafted);
        }
    }

    [Fact]
    public void One_path_leaves_no_trace_in_the_next_draw()
    {
        var sampler = new CoupledSampler(20);
        var logits = new float[20];
        var plain = new SampleCase(new SamplingOptions { Temperature = 1f, FrequencyPenalty = 1f }) { Prompt = [1], Output = [2] };
        var before = plain.Draw(sampler, logits, 20);
        (plain with { Path = [1, 1, 2, 9, 9, 9] }).Draw(sampler, logits);
        Assert.Equal(before, plain.Draw(sampler, logits, 20));
    }

    [Fact]
    public void Top_ranks_by_the_logits_alone()
    {
        var best = new SampledToken[4];
        new CoupledSampler(5).Top([0f, 3f, float.NegativeInfinity, 3f, 1f], best);
        Assert.Equal([1, 3, 4, 0], best.Select(b => b.Token));
        Assert.Equal(1.0, best.Sum(b => Math.Exp(b.LogProb)), 1e-5);
        new CoupledSampler(9).Top([0f, 3f], best, [4, 8]);
        Assert.Equal([8, 4, -1, -1], best.Select(b => b.Token));
    }

    [Fact]
    public void Steady_drawing_allocates_nothing()
    {
        const int vocabulary = 1000;
        var mask = new TokenMask(vocabulary);
        for (int token = 0; token < vocabulary; token += 2) mask.Allow(token);
        var options = new SamplingOptions
        {
            Temperature = 0.8f,
            TopK = 50,
            TopP = 0.9f,
            MinP = 0.01f,
            RepetitionPenalty = 1.1f,
            PresencePenalty = 0.1f,
            FrequencyPenalty = 0.1f,
            LogitBias = new Dictionary<int, float> { [4] = 1f, [9] = -1f },
            AllowedTokens = mask,
        };
        var sampler = new CoupledSampler(vocabulary);
        var logits = Enumerable.Range(0, vocabulary).Select(i => MathF.Sin(i)).ToArray();
        var state = new SamplingState(options, [1, 2, 3], 500);
        var best = new SampledToken[8];
        var p = new float[vocabulary];
        int[] path = [5, 6];
        Step(20);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Step(400);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Step(int count)
        {
            for (int i = 0; i < count; i++)
            {
                var spec = new SampleSpec(0, state, i, 0, 2, mask);
                sampler.Draw(logits, spec, path, best);
                sampler.Probabilities(logits, spec, path, p);
                state.Emit(best[0].Token);
            }
        }
    }
}
