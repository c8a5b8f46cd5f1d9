using Atlas.Conformance.Models;
using Atlas.Modeling;
using Atlas.Modeling.Engine;

namespace Atlas.Conformance;

/// <summary>What a forward computes: the reference's numbers, the same for every way of feeding the same text.</summary>
public abstract class ForwardConformance : EngineConformance
{
    [Theory]
    [MemberData(nameof(TinyModels.Names), MemberType = typeof(TinyModels))]
    public void F32_logits_and_hidden_states_are_those_of_the_reference(string model) => CompareWithReference(model, WeightFormat.F32, Tolerance);

    [Theory]
    [MemberData(nameof(TinyModels.Names), MemberType = typeof(TinyModels))]
    public void Bf16_logits_and_hidden_states_are_those_of_the_reference(string model) => CompareWithReference(model, WeightFormat.BF16, Bf16Tolerance);

    /// <summary>For bf16 weights; engines that compute activations in bf16 need more.</summary>
    protected virtual double Bf16Tolerance => Tolerance;

    [Theory]
    [MemberData(nameof(TinyModels.Names), MemberType = typeof(TinyModels))]
    public void Chunking_of_a_prompt_does_not_matter(string model)
    {
        using var decoder = Load(model);
        var tokens = Tokens(decoder, 23);
        using var whole = decoder.OpenSequence();
        var expected = Feed(decoder, whole, tokens, 23);
        foreach (int chunk in new[] { 1, 2, 3, 5, 8, 16, 22 })
        {
            using var sequence = decoder.OpenSequence();
            var actual = Feed(decoder, sequence, tokens, chunk);
            for (int i = 0; i < tokens.Length; i++) AssertSame(expected[i], actual[i]);
        }
    }

    [Theory]
    [MemberData(nameof(TinyModels.Names), MemberType = typeof(TinyModels))]
    public void Tree_rows_are_the_rows_of_their_paths(string model)
    {
        using var decoder = Load(model);
        var prompt = Tokens(decoder, 11);
        var random = new Random(3);
        for (int round = 0; round < 4; round++)
        {
            using var sequence = decoder.OpenSequence();
            Feed(decoder, sequence, prompt, 6);
            var tree = new PendingTree(24);
            var tokens = new int[24];
            var plan = new BatchPlan();
            plan.Begin(sequence);
            for (int i = 0; i < tokens.Length; i++)
            {
                tree.Add(random.Next(-1, i));
                plan.Add(tokens[i] = random.Next(decoder.Config.VocabularySize), tree.Parent(i), output: true);
            }
            var result = decoder.Forward(plan);
            var logits = Enumerable.Range(0, tokens.Length).Select(i => Logits(decoder, result, i)).ToArray();
            var path = new int[24];
            for (int i = 0; i < tokens.Length; i += 5)
            {
                int depth = tree.Path(i, path);
                AssertSame(LogitsAfter(decoder, [.. prompt, .. path.Take(depth).Select(row => tokens[row])]), logits[i]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(TinyModels.Names), MemberType = typeof(TinyModels))]
    public void Trees_may_grow_over_several_forwards(string model)
    {
        using var decoder = Load(model);
        var prompt = Tokens(decoder, 9);
        using var sequence = decoder.OpenSequence();
        Feed(decoder, sequence, prompt, 4);
        var plan = new BatchPlan();
        // Pending rows 0, 1 below the prompt; 2 below 0 and 3 below 1; 4 below 2 and 5 below 0.
        int[][] levels = [[-1, -1], [0, 1], [2, 0]];
        int[] tokens = [3, 4, 5, 6, 7, 8];
        int next = 0;
        var logits = new List<float[]>();
        foreach (var level in levels)
        {
            plan.Clear();
            plan.Begin(sequence);
            foreach (int parent in level) plan.Add(tokens[next++], parent, output: true);
            var result = decoder.Forward(plan);
            for (int i = 0; i < level.Length; i++) logits.Add(Logits(decoder, result, i));
        }
        Assert.Equal(6, sequence.Pending);
        int[][] paths = [[0], [1], [0, 2], [1, 3], [0, 2, 4], [0, 5]];
        for (int i = 0; i < paths.Length; i++)
            AssertSame(LogitsAfter(decoder, [.. prompt, .. paths[i].Select(row => tokens[row])]), logits[i]);
    }

    [Theory]
    [MemberData(nameof(TinyModels.Names), MemberType = typeof(TinyModels))]
    public void Rows_do_not_depend_on_the_rest_of_the_batch(string model)
    {
        using var decoder = Load(model);
        int[][] prompts = [Tokens(decoder, 5, 1), Tokens(decoder, 17, 2), Tokens(decoder, 1, 3)];
        var alone = new List<float[]>();
        foreach (var prompt in prompts)
        {
            using var single = decoder.OpenSequence();
            alone.AddRange(Feed(decoder, single, prompt, prompt.Length));
        }
        var sequences = prompts.Select(_ => decoder.OpenSequence()).ToArray();
        var plan = new BatchPlan();
        for (int s = 0; s < prompts.Length; s++)
        {
            plan.Begin(sequences[s]);
            for (int i = 0; i < prompts[s].Length; i++) plan.Add(prompts[s][i], i - 1, output: true);
        }
        var result = decoder.Forward(plan);
        for (int row = 0; row < plan.Rows; row++) AssertSame(alone[row], Logits(decoder, result, row));
        foreach (var sequence in sequences) sequence.Dispose();
    }

    [Fact]
    public void Rows_without_output_change_nothing_for_the_others()
    {
        using var decoder = Load("llama");
        var tokens = Tokens(decoder, 12);
        using var all = decoder.OpenSequence();
        var expected = Feed(decoder, all, tokens, 12);
        using var some = decoder.OpenSequence();
        var plan = new BatchPlan();
        plan.Begin(some);
        for (int i = 0; i < tokens.Length; i++) plan.Add(tokens[i], i - 1, output: i is 3 or 11);
        var result = decoder.Forward(plan);
        AssertSame(expected[3], Logits(decoder, result, 3));
        AssertSame(expected[11], Logits(decoder, result, 11));
        Assert.Throws<ArgumentException>(() => Logits(decoder, result, 4));
    }

    [Fact]
    public void A_forward_without_outputs_fills_the_cache()
    {
        using var decoder = Load("llama");
        var tokens = Tokens(decoder, 8);
        using var sequence = decoder.OpenSequence();
        var plan = new BatchPlan();
        plan.Begin(sequence);
        plan.AddChain(tokens.AsSpan(0, 7), BatchPlan.NoParent, lastOutput: false);
        decoder.Forward(plan);
        sequence.CommitChain(7);
        AssertSame(LogitsAfter(decoder, tokens), Feed(decoder, sequence, tokens.AsSpan(7), 1)[0]);
    }

    [Fact]
    public void Weight_bytes_per_step_follow_the_format()
    {
        using var f32 = Load("llama");
        using var bf16 = Load("llama", format: WeightFormat.BF16);
        long matrices = DecoderTensors.Expected(f32.Config)
            .Where(t => t.Shape.Count == 2 && t.Name != DecoderTensors.Embedding).Sum(t => t.Elements);
        Assert.InRange(f32.WeightBytesPerStep, 4 * matrices, 4.5 * matrices);
        Assert.InRange(bf16.WeightBytesPerStep, 2 * matrices, 2.5 * matrices);
    }

    private void CompareWithReference(string model, WeightFormat format, double tolerance)
    {
        var config = TinyModels.All[model];
        var weights = new TestWeights(config, 5);
        using var decoder = Load(config, weights, format);
        var tokens = Tokens(decoder, 31);
        using var sequence = decoder.OpenSequence();
        var plan = new BatchPlan();
        plan.Begin(sequence);
        for (int i = 0; i < tokens.Length; i++) plan.Add(tokens[i], i - 1, output: true);
        var result = decoder.Forward(plan);
        var (hidden, logits) = new ReferenceDecoder(config, weights, bf16Cache: format == WeightFormat.BF16).Run(tokens);
        for (int i = 0; i < tokens.Length; i++)
        {
            AssertNear(hidden[i], Hidden(result.Hidden, i), tolerance);
            AssertNear(logits[i], Logits(decoder, result, i), tolerance);
        }
    }
}
