using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Core.Sampling;
using Atlas.Engine;
using Atlas.Modeling;
using Atlas.Modeling.Engine;
using Atlas.Speculator.Static;
using Atlas.Target;

namespace Atlas.Compute.Torch.Tests;

/// <summary>
/// The whole step on this engine: a target in f32, the same model in bf16 as its draft. The text must be that of plain decoding up to
/// where two tokens are as good as tied, for this engine's logits depend on the number of rows in their last bits.
/// </summary>
public sealed class SpeculativeStepTests
{
    private const int Output = 40;
    private const float Tie = 1e-3f;

    private static readonly SamplingOptions[] Sampling =
    [
        SamplingOptions.Greedy,
        new() { Temperature = 0.9f, Seed = 3 },
        new() { Temperature = 1.2f, TopK = 12, TopP = 0.9f, Seed = 4 },
        new() { Temperature = 0.8f, RepetitionPenalty = 1.2f, FrequencyPenalty = 0.1f, Seed = 5 },
    ];

    public static TheoryData<string, int, int, int> Drafts => new()
    {
        { "llama-bias", 4, 4, 1 },
        { "llama-bias", 3, 10, 3 },
        { "mistral-window", 3, 10, 3 },
        { "qwen3-window", 5, 5, 1 },
        { "qwen3-window", 3, 10, 3 },
    };

    [Theory]
    [MemberData(nameof(Drafts))]
    public void Speculation_changes_no_token_but_at_ties(string name, int depth, int nodes, int branches)
    {
        using var golden = GoldenCase.Open(name);
        using var engine = TorchUnderTest.Create();
        using var target = Load(engine, golden, WeightFormat.F32);
        using var draft = Load(engine, golden, WeightFormat.BF16);
        var plain = Decode(golden, target, new NoSpeculator(), DraftBudget.None);
        var speculated = Decode(golden, target, new StaticSpeculator(draft, new()), new DraftBudget(depth, nodes, branches));
        for (int i = 0; i < plain.Length; i++) AssertSameText(target, plain[i], speculated[i]);
        long forwards = speculated.Sum(s => s.Statistics.Forwards);
        Assert.True(forwards < plain.Sum(s => s.Statistics.Forwards), $"{forwards} target forwards: nothing was accepted");
    }

    private static IDecoder Load(IComputeEngine engine, GoldenCase golden, WeightFormat format) =>
        engine.LoadDecoder(
            golden.Checkpoint.Config, golden.Checkpoint, new() { Format = format, MaxSequences = 4, MaxRows = 64, MaxPending = 32 });

    private static DecodeSequence[] Decode(GoldenCase golden, IDecoder target, ISpeculator speculator, DraftBudget budget)
    {
        var step = new SpeculativeDecoder(new TargetModel(target, 10), speculator, new FixedPlanner(budget), new CoupledVerifier());
        var batch = new BatchDecoder(step, Sampling.Length);
        var sequences = Sampling
            .Select((s, i) => new DecodeSequence(i, golden.Tokens.AsSpan(0, 8 + 2 * i), s, new StopRules(Output, []), draftCapacity: 10))
            .ToArray();
        foreach (var sequence in sequences) batch.Add(sequence);
        batch.Run();
        return sequences;
    }

    private static void AssertSameText(IDecoder target, DecodeSequence plain, DecodeSequence speculated)
    {
        Assert.Equal(Output, plain.Output.Length);
        Assert.Equal(Output, speculated.Output.Length);
        int common = plain.Output.CommonPrefixLength(speculated.Output);
        if (common == Output) return;
        float gap = GapAfter(target, plain, plain.PromptLength + common);
        Assert.True(gap <= Tie, $"texts part after {common} tokens, where the two best are {gap} apart");
    }

    // Distance of the two best perturbed logits after the first tokens of a sequence.
    private static float GapAfter(IDecoder target, DecodeSequence sequence, int length)
    {
        using var cache = target.OpenSequence();
        var plan = new BatchPlan();
        plan.Begin(cache);
        int parent = plan.AddChain(sequence.Tokens[..Math.Min(length, 32)], BatchPlan.NoParent, lastOutput: length <= 32);
        var result = target.Forward(plan);
        if (length > 32)
        {
            cache.CommitChain(parent + 1);
            plan.Clear();
            plan.Begin(cache);
            plan.AddChain(sequence.Tokens[32..length], BatchPlan.NoParent, lastOutput: true);
            result = target.Forward(plan);
        }
        var state = new SamplingState(sequence.Sampling.Options, sequence.Tokens[..sequence.PromptLength], Output);
        foreach (int token in sequence.Tokens[sequence.PromptLength..length]) state.Emit(token);
        var best = new SampledToken[2];
        result.TopPerturbed(new SampleBatch([new SampleSpec(plan.Rows - 1, state, length)], []), 2, best);
        return best[0].Score - best[1].Score;
    }
}
