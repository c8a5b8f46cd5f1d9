using Atlas.Compute.Cpu.Tests.Training;
using Atlas.Compute.Cpu.Tokens;
using Atlas.Core.Sampling;
using Atlas.Modeling;
using Atlas.Modeling.Engine;
using Atlas.Modeling.Training;

namespace Atlas.Compute.Cpu.Tests.Tokens;

public sealed class CpuTokenHeadTests
{
    private const int Vocabulary = 60;
    private static readonly TokenHeadConfig Config = new() { ContextLength = 16, Orders = 3, Contexts = 64, MaxRows = 4 };
    private static readonly AdamWStep Step = new(0.5f, WeightDecay: 0, ClipNorm: 0);

    [Fact]
    public void Gradient_is_the_difference_quotient()
    {
        using var head = Trained();
        var examples = Examples(new Random(9), 6);
        int positions = examples.Sum(e => e.Tokens.Length);
        double loss = head.Accumulate(examples);
        Assert.True(loss > 0.1, $"loss {loss}");
        int[] weights =
        [
            .. Enumerable.Range(0, head.SharedWeightCount).Select(i => ~i),
            .. Enumerable.Range(0, head.SuccessorWeightCount).Where(i => head.GradientOf(i) != 0),
        ];
        var gradient = weights.ToDictionary(w => w, head.GradientOf);
        Assert.True(gradient.Count(g => g.Key >= 0) > 20 && gradient.Count(g => g.Key < 0 && g.Value != 0) > 5);
        foreach (var (weight, derivative) in gradient)
        {
            const float Difference = 0.01f;
            float kept = head.WeightOf(weight);
            head.WeightOf(weight) = kept + Difference;
            double above = head.Accumulate(examples) * positions;
            head.WeightOf(weight) = kept - Difference;
            double below = head.Accumulate(examples) * positions;
            head.WeightOf(weight) = kept;
            double expected = (above - below) / (2 * Difference);
            Assert.True(Math.Abs(expected - derivative) <= 2e-3 + 1e-2 * Math.Abs(expected), $"weight {weight}: {derivative}, difference quotient {expected}");
        }
    }

    [Fact]
    public void Untrained_it_goes_on_with_what_followed_the_same_text_before()
    {
        using var head = Untrained();
        Assert.Equal(14, Best(head, [11, 12, 13, 14, 50, 11, 12], 13));
        // The longer match wins over the newer one.
        Assert.Equal(14, Best(head, [11, 12, 13, 14, 50, 13, 51, 11, 12], 13));
        var nothing = new SampledToken[1];
        head.Forward([new HeadRow(State([1, 2, 3]), 0, 4)]).TopK([0], 1, nothing);
        Assert.Equal(-1, nothing[0].Token);
    }

    [Fact]
    public void It_learns_what_follows_and_takes_the_longer_context_at_its_word()
    {
        using var head = Untrained();
        HeadExample[] examples = [Example([5, 6], 7, 20), Example([5, 8], 7, 30), Example([1, 9], 7, 40)];
        // Without any candidate there is nothing but the escape, which is then right.
        Assert.Equal(0, head.Accumulate(examples));
        Assert.True(head.Update(Step).Applied);
        double first = head.Accumulate(examples), last = first;
        for (int i = 0; i < 40; i++)
        {
            Assert.True(head.Update(Step).Applied);
            last = head.Accumulate(examples);
        }
        Assert.True(last < 0.2 * first, $"loss {first} to {last}");
        Assert.Equal(20, Best(head, [5, 6], 7));
        Assert.Equal(30, Best(head, [5, 8], 7));
        Assert.Equal(40, Best(head, [1, 9], 7));
    }

    [Fact]
    public void Drafting_from_its_own_states_is_drafting_from_the_longer_text_whatever_else_is_drafted()
    {
        using var head = Trained();
        int[] text = [3, 4, 5, 6, 3];
        var own = new float[Vocabulary];
        var anew = new float[Vocabulary];
        head.BeginDraft();
        var first = head.Forward([new HeadRow(State([9, 9]), 0, 1), new HeadRow(State(text), 0, 4)]);
        var states = first.Hidden;
        head.Forward([new HeadRow(states, 1, 5), new HeadRow(states, 0, 2)]).ReadLogits(0, own);
        head.BeginDraft();
        head.Forward([new HeadRow(State([.. text, 4]), 0, 5)]).ReadLogits(0, anew);
        Assert.Equal(anew, own);
        Assert.Throws<InvalidOperationException>(() => first.ReadLogits(0, own));
        Assert.Throws<InvalidOperationException>(() => states.Read(1, new float[Config.ContextLength]));
    }

    [Fact]
    public void Tokens_that_are_no_candidates_share_the_escape_and_lower_the_confidence()
    {
        using var head = Untrained();
        var result = head.Forward([new HeadRow(State([11, 12, 13, 14, 50, 11, 12]), 0, 13)]);
        var logits = new float[Vocabulary];
        result.ReadLogits(0, logits);
        var best = new SampledToken[3];
        result.TopPerturbed(new SampleBatch([new SampleSpec(0, new SamplingState(SamplingOptions.Greedy, [], 0), 8)], []), 3, best);
        Assert.Equal((14, -1, -1), (best[0].Token, best[1].Token, best[2].Token));
        Assert.True(float.IsFinite(best[1].Score) && float.IsNegativeInfinity(best[2].Score));
        double others = logits.Where((_, token) => token != 14).Sum(l => Math.Exp(l));
        Assert.Equal(Math.Exp(best[1].Score), others, 1e-3);
    }

    [Fact]
    public void Resuming_from_exported_weights_and_sums_gives_the_same_bits()
    {
        using var whole = Trained();
        MemoryWeights weights = new(), sums = new();
        whole.ExportWeights(weights);
        whole.ExportOptimizer(sums);
        using var resumed = new CpuTokenHead(Config, Vocabulary, weights);
        resumed.ImportOptimizer(sums, 30);
        Learn(whole, 12, 77);
        Learn(resumed, 12, 77);
        MemoryWeights expected = new(), actual = new();
        whole.ExportWeights(expected);
        resumed.ExportWeights(actual);
        foreach (string name in expected.Names) Assert.Equal(expected[name], actual[name]);
        Assert.NotEqual(weights["contexts.successor.weight"], expected["contexts.successor.weight"]);
    }

    [Fact]
    public void Weights_that_do_not_fit_are_refused_and_change_nothing()
    {
        using var head = Trained();
        MemoryWeights kept = new();
        head.ExportWeights(kept);
        foreach (var (name, value) in new[] { ("contexts.successor", 60f), ("contexts.successor", 0.5f), ("shared.weight", float.NaN) })
        {
            MemoryWeights wrong = new();
            head.ExportWeights(wrong);
            wrong[name][3] = value;
            Assert.Throws<CheckpointException>(() => head.ImportWeights(wrong));
        }
        using var other = new CpuTokenHead(Config with { Orders = 2 }, Vocabulary, null);
        Assert.Throws<CheckpointException>(() => other.ImportWeights(kept));
        MemoryWeights after = new();
        head.ExportWeights(after);
        foreach (string name in kept.Names) Assert.Equal(kept[name], after[name]);
    }

    [Fact]
    public void Memory_is_bounded_and_a_newer_context_takes_an_older_ones_place()
    {
        using var head = Untrained();
        var random = new Random(4);
        for (int i = 0; i < 400; i++)
        {
            head.Accumulate(Examples(random, 4));
            head.Update(Step);
        }
        head.Accumulate([Example([5, 6], 7, 20)]);
        head.Update(Step);
        head.Accumulate([Example([5, 6], 7, 20)]);
        head.Update(Step);
        Assert.Equal(20, Best(head, [5, 6], 7));
        Assert.Equal(Config.Orders * Config.Contexts * SuccessorTable.Successors, head.SuccessorWeightCount);
    }

    [Fact]
    public void Drafting_allocates_nothing()
    {
        using var head = Trained();
        var state = State([3, 4, 5, 6, 3]);
        var spec = new SampleSpec[] { new(0, new SamplingState(new SamplingOptions { Temperature = 0.8f }, [], 0), 6) };
        var best = new SampledToken[4];
        void Draft()
        {
            head.BeginDraft();
            var result = head.Forward([new HeadRow(state, 0, 4)]);
            for (int i = 0; i < 3; i++)
            {
                result.TopPerturbed(new SampleBatch(spec, []), 4, best);
                result = head.Forward([new HeadRow(result.Hidden, 0, Math.Max(0, best[0].Token))]);
            }
        }
        for (int i = 0; i < 50; i++) Draft();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 50; i++) Draft();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Misuse_is_refused_with_a_reason()
    {
        using var head = Untrained();
        Assert.Throws<NotSupportedException>(() => head.SetHotVocabulary([1, 2]));
        Assert.Throws<ArgumentException>(() => head.BeginAccumulate([]));
        Assert.Throws<ArgumentException>(() => head.Accumulate([new HeadExample(State([1]), 0, [60], [1], [1])]));
        Assert.Throws<ArgumentException>(() => head.Accumulate([new HeadExample(State([1]), 0, [6], [60], [1])]));
        Assert.Throws<ArgumentException>(() => head.Accumulate([new HeadExample(State([1]), 0, [1, 2], [1, 2, 3], [1, 1, 1])]));
        Assert.Throws<ArgumentException>(() => head.Accumulate([new HeadExample(new HostHiddenStates(1, 7), 0, [1], [2], [1])]));
        Assert.Throws<ArgumentException>(() => new CpuTokenHeads(Config with { Contexts = 100 }, Vocabulary));
        Assert.Throws<ArgumentException>(() => new CpuTokenHeads(Config with { ContextLength = 8 }, Vocabulary));
        Assert.Throws<ArgumentException>(() => new CpuTokenHeads(Config with { Orders = 9 }, Vocabulary));
        Assert.Throws<ArgumentException>(() => new CpuTokenHeads(Config, TokenHeadConfig.MostTokens + 1));
    }

    private static CpuTokenHead Untrained() => new(Config, Vocabulary, null);

    private static CpuTokenHead Trained()
    {
        var head = Untrained();
        Learn(head, 30, 3);
        return head;
    }

    private static void Learn(CpuTokenHead head, int updates, int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < updates; i++)
        {
            head.Accumulate(Examples(random, 4));
            Assert.True(head.Update(Step).Applied);
        }
    }

    // Few different tokens, so that contexts recur and matches are found.
    private static HeadExample[] Examples(Random random, int count) =>
    [
        .. Enumerable.Range(0, count).Select(_ => new HeadExample(
            State([.. Enumerable.Range(0, 14).Select(_ => random.Next(5))]), 0,
            [.. Enumerable.Range(0, 3).Select(_ => random.Next(5))],
            [.. Enumerable.Range(0, 3).SelectMany(_ => new[] { random.Next(5), random.Next(5, 9) })],
            [0.6f, 0.3f, 0.5f, 0.5f, 0.9f, 0.1f])),
    ];

    private static HeadExample Example(int[] text, int token, int next) => new(State(text), 0, [token], [next], [1]);

    private static HostHiddenStates State(int[] text)
    {
        var state = new HostHiddenStates(1, Config.ContextLength);
        var values = state.Writable(0);
        values.Fill(TokenHeadConfig.NoToken);
        for (int i = 0; i < text.Length; i++) values[values.Length - text.Length + i] = text[i];
        return state;
    }

    private static int Best(CpuTokenHead head, int[] text, int token)
    {
        var best = new SampledToken[1];
        head.Forward([new HeadRow(State(text), 0, token)]).TopK([0], 1, best);
        return best[0].Token;
    }
}
