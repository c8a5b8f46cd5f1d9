using Atlas.Modeling;
using Atlas.Modeling.Training;

namespace Atlas.Compute.Torch.Tests;

/// <summary>Training steps of a head by autograd against the embedded engine's hand-written ones.</summary>
public sealed class HeadTrainingTests : IDisposable
{
    private static readonly AdamWStep Step = new(3e-3f);

    private readonly Lazy<HeadPair> _pair = new(() => new HeadPair());

    private HeadPair Pair => _pair.Value;

    public void Dispose()
    {
        if (_pair.IsValueCreated) _pair.Value.Dispose();
    }

    [Fact]
    public void Untrained_weights_are_the_embedded_engines()
    {
        using var cpu = Pair.UntrainedCpuHead(5);
        using var torch = Pair.UntrainedTorchHead(5);
        var expected = HeadPair.Export(cpu);
        var actual = HeadPair.Export(torch);
        foreach (var tensor in expected.Tensors)
            LogitAssert.Near(expected.Values(tensor.Name), actual.Values(tensor.Name), 1e-6f);
    }

    [Fact]
    public void Losses_gradients_and_weights_follow_the_embedded_engines_for_thirty_updates()
    {
        using var cpu = Pair.CpuHead();
        using var torch = Pair.TorchHead();
        for (int update = 0; update < 30; update++)
        {
            Assert.Equal(cpu.Accumulate(HeadPair.Examples(Pair.CpuStates)), torch.Accumulate(HeadPair.Examples(Pair.TorchStates)), 1e-3);
            var expected = cpu.Update(Step);
            var actual = torch.Update(Step);
            Assert.True(actual.Applied);
            Assert.InRange(actual.GradientNorm, 0.99 * expected.GradientNorm, 1.01 * expected.GradientNorm);
        }
        AssertSameCourse(cpu, torch);
    }

    [Fact]
    public void A_checkpoint_of_the_embedded_engine_goes_on_here()
    {
        using var cpu = Pair.CpuHead();
        Learn(cpu, HeadPair.Examples(Pair.CpuStates), 5);
        WeightsInMemory weights = HeadPair.Export(cpu), moments = new();
        cpu.ExportOptimizer(moments);
        using var torch = Pair.TorchHead(weights);
        torch.ImportOptimizer(moments, 5);
        Learn(cpu, HeadPair.Examples(Pair.CpuStates), 5);
        Learn(torch, HeadPair.Examples(Pair.TorchStates), 5);
        AssertSameCourse(cpu, torch);
    }

    [Fact]
    public void Resuming_from_exported_weights_and_moments_gives_the_same_bits()
    {
        using var whole = Pair.TorchHead();
        Learn(whole, HeadPair.Examples(Pair.TorchStates), 3);
        WeightsInMemory weights = HeadPair.Export(whole), moments = new();
        whole.ExportOptimizer(moments);
        using var resumed = Pair.TorchHead(weights);
        resumed.ImportOptimizer(moments, 3);
        Learn(whole, HeadPair.Examples(Pair.TorchStates), 3);
        Learn(resumed, HeadPair.Examples(Pair.TorchStates), 3);
        WeightsInMemory expected = HeadPair.Export(whole), actual = HeadPair.Export(resumed);
        foreach (var tensor in expected.Tensors) Assert.True(expected.Values(tensor.Name).SequenceEqual(actual.Values(tensor.Name)));
    }

    [Fact]
    public void Learning_in_pieces_between_steps_is_learning_at_once()
    {
        using var whole = Pair.TorchHead();
        using var pieces = Pair.TorchHead();
        double expected = whole.Accumulate(HeadPair.Examples(Pair.TorchStates));
        whole.Update(Step);
        pieces.BeginAccumulate(HeadPair.Examples(Pair.TorchStates));
        int count = 1;
        while (pieces.Continue()) count++;
        Assert.True(count > 4, $"{count} pieces for four steps");
        Assert.Equal(expected, pieces.LastLoss);
        pieces.BeginUpdate(Step);
        while (pieces.Continue()) count++;
        Assert.Equal(whole.LastUpdate, pieces.LastUpdate);
        WeightsInMemory one = HeadPair.Export(whole), other = HeadPair.Export(pieces);
        foreach (var tensor in one.Tensors) Assert.True(one.Values(tensor.Name).SequenceEqual(other.Values(tensor.Name)));
    }

    [Fact]
    public void Gradients_add_up_until_the_update()
    {
        using var once = Pair.TorchHead();
        using var twice = Pair.TorchHead();
        var examples = HeadPair.Examples(Pair.TorchStates);
        once.Accumulate(examples);
        twice.Accumulate(examples);
        twice.Accumulate(examples);
        double norm = once.Update(Step).GradientNorm;
        Assert.Equal(2 * norm, twice.Update(Step).GradientNorm, 1e-5 * norm);
        Assert.Equal(0, twice.Update(Step).GradientNorm);
    }

    [Fact]
    public void An_untrained_head_learns_its_examples()
    {
        using var torch = Pair.UntrainedTorchHead(5);
        torch.SetHotVocabulary(HeadPair.Hot);
        var states = Pair.TorchStates;
        HeadExample[] examples =
        [
            new(states, 0, [4, 3], [2, -1, 5, -1], [1, 0, 1, 0]),
            new(states, 1, [7], [9, 3], [0.5f, 0.5f]),
            new(states, 3, [1, 2, 3], [0, -1, 22, -1, 8, -1], [1, 0, 1, 0, 1, 0]),
        ];
        double first = torch.Accumulate(examples), last = first;
        for (int step = 0; step < 300; step++)
        {
            Assert.True(torch.Update(new AdamWStep(1e-2f, WeightDecay: 0)).Applied);
            last = torch.Accumulate(examples);
        }
        double floor = Math.Log(2) / 6;
        Assert.True(first > 1 && last < floor + 0.05, $"loss {first} to {last}, floor {floor}");
    }

    [Fact]
    public void What_is_not_hot_teaches_nothing_and_what_is_not_finite_changes_nothing()
    {
        using var torch = Pair.TorchHead();
        Assert.Equal(0, torch.Accumulate([new HeadExample(Pair.TorchStates, 0, [1], [6], [1])]));
        Assert.Equal(0, torch.Update(Step with { WeightDecay = 0 }).GradientNorm);
        var before = HeadPair.Export(torch);
        torch.Accumulate([new HeadExample(Pair.TorchStates, 0, [1], [5], [float.PositiveInfinity])]);
        Assert.False(torch.Update(Step).Applied);
        Assert.Equal(0, torch.Update(Step with { WeightDecay = 0, LearningRate = 0 }).GradientNorm);
        var after = HeadPair.Export(torch);
        foreach (var tensor in before.Tensors) Assert.True(before.Values(tensor.Name).SequenceEqual(after.Values(tensor.Name)));
    }

    private static void Learn(ITrainableHead head, HeadExample[] examples, int updates)
    {
        for (int i = 0; i < updates; i++)
        {
            head.Accumulate(examples);
            head.Update(Step);
        }
    }

    // AdamW moves a weight by its gradient's sign where that is tiny, so single weights may differ: the course as a whole is compared.
    private void AssertSameCourse(ITrainableHead cpu, ITrainableHead torch)
    {
        WeightsInMemory expected = HeadPair.Export(cpu), actual = HeadPair.Export(torch);
        foreach (var tensor in expected.Tensors)
        {
            double apart = 0, moved = 0;
            var start = Pair.Weights.Values(tensor.Name);
            var e = expected.Values(tensor.Name);
            var a = actual.Values(tensor.Name);
            for (int i = 0; i < e.Length; i++)
            {
                apart += Math.Pow(e[i] - a[i], 2);
                moved += Math.Pow(e[i] - start[i], 2);
            }
            Assert.True(moved > 0, $"{tensor.Name} did not move");
            Assert.InRange(Math.Sqrt(apart / moved), 0, 0.02);
        }
    }
}
