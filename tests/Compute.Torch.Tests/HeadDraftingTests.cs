using Atlas.Core.Sampling;
using Atlas.Modeling;
using Atlas.Modeling.Engine;
using Atlas.Modeling.Training;

namespace Atlas.Compute.Torch.Tests;

/// <summary>What a head drafts on the device against the embedded engine's head of the same weights.</summary>
public sealed class HeadDraftingTests : IDisposable
{
    private const float Tolerance = 2e-4f;

    private readonly Lazy<HeadPair> _pair = new(() => new HeadPair());

    private HeadPair Pair => _pair.Value;

    public void Dispose()
    {
        if (_pair.IsValueCreated) _pair.Value.Dispose();
    }

    [Fact]
    public void Logits_and_states_are_the_embedded_engines_step_by_step()
    {
        using var cpu = Pair.CpuHead();
        using var torch = Pair.TorchHead();
        var expected = TwoSteps(cpu, Pair.CpuStates);
        var actual = TwoSteps(torch, Pair.TorchStates);
        for (int row = 0; row < 3; row++)
        {
            LogitAssert.Near(LogitAssert.Read(expected, row, HeadPair.Hot.Length), LogitAssert.Read(actual, row, HeadPair.Hot.Length), Tolerance);
            LogitAssert.Near(State(expected.Hidden, row), State(actual.Hidden, row), Tolerance);
        }
    }

    [Fact]
    public void States_of_several_sources_meet_in_one_forward()
    {
        using var torch = Pair.TorchHead();
        var host = new HostHiddenStates(2, HeadPair.Model.HiddenSize);
        Pair.TorchStates.Read(4, host.Writable(1));
        torch.BeginDraft();
        var apart = torch.Forward([new HeadRow(Pair.TorchStates, 4, 7)]);
        var expected = LogitAssert.Read(apart, 0, HeadPair.Hot.Length);
        var together = torch.Forward(
            [new HeadRow(Pair.TorchStates, 1, 7), new HeadRow(host, 1, 7), new HeadRow(apart.Hidden, 0, 7), new HeadRow(Pair.TorchStates, 4, 7)]);
        LogitAssert.Near(expected, LogitAssert.Read(together, 1, HeadPair.Hot.Length), 1e-5f);
        LogitAssert.Near(expected, LogitAssert.Read(together, 3, HeadPair.Hot.Length), 1e-5f);
    }

    [Fact]
    public void Draws_over_a_hot_vocabulary_are_the_hosts()
    {
        using var torch = Pair.TorchHead();
        torch.BeginDraft();
        var result = torch.Forward([new HeadRow(Pair.TorchStates, 2, 5), new HeadRow(Pair.TorchStates, 0, 1)]);
        var host = new CoupledSampler(HeadPair.Model.VocabularySize);
        var mask = new TokenMask(HeadPair.Model.VocabularySize);
        foreach (int token in (int[])[2, 5, 9, 64, 77, 90]) mask.Allow(token);
        var narrow = new TokenMask(16);
        foreach (int token in (int[])[3, 8]) narrow.Allow(token);
        SamplingOptions[] options =
        [
            SamplingOptions.Greedy,
            new() { Temperature = 1f, Seed = 7 },
            new() { Temperature = 0.8f, TopK = 5, Seed = 9 },
            new() { Temperature = 1.1f, TopK = 9, TopP = 0.8f, MinP = 0.05f, Seed = 12 },
            new() { Temperature = 0.9f, RepetitionPenalty = 1.3f, PresencePenalty = 0.4f, Seed = 13 },
            new() { Temperature = 1f, LogitBias = new Dictionary<int, float> { [5] = 4f, [6] = 9f, [9] = float.NegativeInfinity }, Seed = 14 },
            new() { Temperature = 1f, AllowedTokens = mask, Seed = 15 },
            new() { Temperature = 1f, AllowedTokens = narrow, Seed = 16 },
        ];
        int[] path = [5, 77];
        foreach (var option in options)
        {
            var state = new SamplingState(option, [3, 9, 12], 16);
            state.Emit(8);
            for (int position = 5; position < 45; position++)
                for (int row = 0; row < 2; row++)
                {
                    var spec = new SampleSpec(row, state, position, 0, 2);
                    // More than there are hot tokens: what is missing has no token.
                    var expected = new SampledToken[HeadPair.Hot.Length + 3];
                    var actual = new SampledToken[expected.Length];
                    host.Draw(LogitAssert.Read(result, row, HeadPair.Hot.Length), spec, path, expected, HeadPair.Hot);
                    result.TopPerturbed(new SampleBatch([spec], path), actual.Length, actual);
                    Assert.Equal(expected.Select(t => t.Token), actual.Select(t => t.Token));
                    for (int i = 0; i < expected.Length; i++)
                        if (expected[i].Token >= 0)
                            Assert.Equal(expected[i].Score, actual[i].Score, 1e-5f);
                }
        }
    }

    [Fact]
    public void Where_nothing_hot_may_be_drawn_there_is_no_token()
    {
        using var torch = Pair.TorchHead();
        var mask = new TokenMask(HeadPair.Model.VocabularySize);
        mask.Allow(1);
        var result = torch.Forward([new HeadRow(Pair.TorchStates, 2, 5)]);
        var drawn = new SampledToken[2];
        var state = new SamplingState(new SamplingOptions { Temperature = 1f, AllowedTokens = mask, Seed = 1 }, [], 4);
        result.TopPerturbed(new SampleBatch([new SampleSpec(0, state, 3)], []), 2, drawn);
        Assert.Equal([-1, -1], drawn.Select(t => t.Token));
    }

    [Fact]
    public void A_new_hot_vocabulary_ends_results_and_changes_what_is_proposed()
    {
        using var torch = Pair.TorchHead();
        var before = torch.Forward([new HeadRow(Pair.TorchStates, 0, 1)]);
        torch.SetHotVocabulary([20, 4]);
        Assert.Equal([4, 20], torch.HotVocabulary.ToArray());
        Assert.Throws<InvalidOperationException>(() => before.ReadLogits(0, new float[HeadPair.Hot.Length]));
        var tokens = new SampledToken[2];
        torch.Forward([new HeadRow(Pair.TorchStates, 0, 1)]).TopK([0], 2, tokens);
        Assert.Equal([4, 20], tokens.Select(t => t.Token).Order());
    }

    [Fact]
    public void States_live_as_long_as_the_draft_and_logits_until_the_next_forward()
    {
        using var torch = Pair.TorchHead();
        torch.BeginDraft();
        var first = torch.Forward([new HeadRow(Pair.TorchStates, 0, 1)]);
        var states = first.Hidden;
        torch.Forward([new HeadRow(states, 0, 2)]);
        Assert.Throws<InvalidOperationException>(() => first.ReadLogits(0, new float[HeadPair.Hot.Length]));
        State(states, 0);
        torch.BeginDraft();
        Assert.Throws<InvalidOperationException>(() => State(states, 0));
    }

    [Fact]
    public void Output_rows_follow_when_the_targets_weights_are_replaced()
    {
        using var torch = Pair.TorchHead();
        var before = LogitAssert.Read(torch.Forward([new HeadRow(Pair.TorchStates, 0, 1)]), 0, HeadPair.Hot.Length);
        var other = new WeightsInMemory();
        foreach (var tensor in DecoderTensors.Expected(HeadPair.Model))
            other.Write(tensor.Name, tensor.Shape.ToArray(), Pair.TargetWeights.Values(tensor.Name).Select(w => -w).ToArray());
        Pair.TorchTarget.ReplaceWeights(other);
        var after = LogitAssert.Read(torch.Forward([new HeadRow(Pair.TorchStates, 0, 1)]), 0, HeadPair.Hot.Length);
        Assert.NotEqual(before, after);
    }

    [Fact]
    public void Bf16_drafts_stay_near()
    {
        using var exact = Pair.TorchHead();
        using var rounded = Pair.UntrainedTorchHead(1, HeadPair.Config with { DraftFormat = WeightFormat.BF16 });
        rounded.ImportWeights(Pair.Weights);
        rounded.SetHotVocabulary(HeadPair.Hot);
        var expected = LogitAssert.Read(exact.Forward([new HeadRow(Pair.TorchStates, 3, 8)]), 0, HeadPair.Hot.Length);
        var actual = LogitAssert.Read(rounded.Forward([new HeadRow(Pair.TorchStates, 3, 8)]), 0, HeadPair.Hot.Length);
        double error = expected.Zip(actual, (e, a) => (e - a) * (e - a)).Sum(), size = expected.Sum(e => e * e);
        Assert.InRange(Math.Sqrt(error / size), 1e-6, 0.03);
    }

    [Fact]
    public void Misuse_is_refused_before_it_reaches_libtorch()
    {
        using var torch = Pair.UntrainedTorchHead(1);
        Assert.Throws<InvalidOperationException>(() => { torch.Forward([new HeadRow(Pair.TorchStates, 0, 1)]); });
        Assert.Throws<ArgumentException>(() => torch.SetHotVocabulary([]));
        Assert.Throws<ArgumentException>(() => torch.SetHotVocabulary([1, 1]));
        Assert.Throws<ArgumentException>(() => torch.SetHotVocabulary([HeadPair.Model.VocabularySize]));
        Assert.Throws<ArgumentException>(() => torch.SetHotVocabulary(Enumerable.Range(0, 21).ToArray()));
        torch.SetHotVocabulary(HeadPair.Hot);
        Assert.Throws<ArgumentException>(() => { torch.Forward([]); });
        Assert.Throws<ArgumentException>(() => { torch.Forward([new HeadRow(Pair.TorchStates, 0, -1)]); });
        Assert.Throws<ArgumentException>(() => { torch.Forward([new HeadRow(Pair.TorchStates, 6, 1)]); });
        Assert.Throws<ArgumentException>(() => { torch.Forward([new HeadRow(new HostHiddenStates(1, 5), 0, 1)]); });
        Assert.Throws<ArgumentException>(() => { torch.Forward(new HeadRow[9]); });
        Assert.Throws<ArgumentException>(() => torch.Accumulate([new HeadExample(Pair.TorchStates, 0, [], [], [])]));
        Assert.Throws<ArgumentException>(() => torch.Accumulate([new HeadExample(Pair.TorchStates, 0, [1, 2], [1, 2, 3], [1, 1, 1])]));
        Assert.Throws<ArgumentException>(() => torch.Accumulate([new HeadExample(Pair.TorchStates, 0, [999], [1], [1])]));
        var faulty = new WeightsInMemory();
        faulty.Write(HeadTensors.StateNorm, [3], new float[3]);
        Assert.Throws<CheckpointException>(() => torch.ImportWeights(faulty));
    }

    private static IForwardResult TwoSteps(ITrainableHead head, IHiddenStates states)
    {
        head.BeginDraft();
        var first = head.Forward([new HeadRow(states, 4, 7), new HeadRow(states, 1, 3)]).Hidden;
        return head.Forward([new HeadRow(first, 1, 9), new HeadRow(first, 0, 2), new HeadRow(first, 0, 5)]);
    }

    private static float[] State(IHiddenStates states, int row)
    {
        var state = new float[states.Width];
        states.Read(row, state);
        return state;
    }
}
