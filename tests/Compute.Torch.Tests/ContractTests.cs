using Atlas.Modeling;
using Atlas.Modeling.Engine;
using Atlas.Modeling.Training;

namespace Atlas.Compute.Torch.Tests;

/// <summary>Wrong use is refused with a managed exception: libtorch itself would end the process.</summary>
public sealed class ContractTests
{
    [Fact]
    public void The_engine_does_not_promise_batch_invariance()
    {
        using var engine = TorchUnderTest.Create();
        Assert.Equal("torch", engine.Info.Name);
        Assert.False(engine.Info.BatchInvariant);
        Assert.True(engine.Info.Threads > 0);
    }

    [Fact]
    public void Measured_limits_are_positive()
    {
        using var engine = TorchUnderTest.Create();
        var limits = engine.MeasureLimits();
        Assert.True(limits.ReadGigabytesPerSecond > 0 && double.IsFinite(limits.ReadGigabytesPerSecond));
        Assert.True(limits.MultiplyAddGigaflops > 0 && double.IsFinite(limits.MultiplyAddGigaflops));
    }

    [Fact]
    public void Formats_and_pretraining_that_are_not_there_are_refused_in_one_line()
    {
        using var golden = GoldenCase.Open("llama-bias");
        using var engine = TorchUnderTest.Create();
        var config = golden.Checkpoint.Config;
        AssertOneLine(() => engine.LoadDecoder(config, golden.Checkpoint, new() { Format = WeightFormat.Int8 }));
        AssertOneLine(() => engine.CreateTrainableDecoder(config, null, 1));
        using var decoder = engine.LoadDecoder(config, golden.Checkpoint, new() { Format = WeightFormat.F32 });
        var int8 = new HeadConfig { IntermediateSize = 8, HotVocabularySize = 8, DraftFormat = WeightFormat.Int8 };
        AssertOneLine(() => engine.CreateTrainableHead(int8, decoder, null, 1));
    }

    [Fact]
    public void Weights_of_another_shape_are_refused_and_change_nothing()
    {
        using var test = new TestDecoder("llama-bias");
        using var golden = GoldenCase.Open("llama-bias");
        var before = test.LogitsAfter(1, 2, 3);
        var faulty = new WeightsInMemory();
        foreach (var tensor in DecoderTensors.Expected(golden.Checkpoint.Config))
        {
            bool last = tensor.Name == DecoderTensors.FinalNorm;
            int[] shape = last ? [(int)tensor.Elements - 1] : [.. tensor.Shape];
            faulty.Write(tensor.Name, shape, new float[tensor.Elements - (last ? 1 : 0)]);
        }
        var error = Assert.Throws<CheckpointException>(() => test.Decoder.ReplaceWeights(faulty));
        Assert.Contains(DecoderTensors.FinalNorm, error.Message, StringComparison.Ordinal);
        Assert.Equal(before, test.LogitsAfter(1, 2, 3));
    }

    [Fact]
    public void Replaced_weights_are_used_and_not_a_number_leaves_no_trace()
    {
        using var test = new TestDecoder("llama-bias");
        using var golden = GoldenCase.Open("llama-bias");
        var before = test.LogitsAfter(1, 2, 3);
        var poisoned = WeightsInMemory.CopyOf(golden.Checkpoint, DecoderTensors.Expected(golden.Checkpoint.Config).Select(t => t.Name));
        var norm = new float[golden.Checkpoint.Config.HiddenSize];
        Array.Fill(norm, float.NaN);
        poisoned.Write(DecoderTensors.Layer(0, "input_layernorm.weight"), [norm.Length], norm);
        test.Decoder.ReplaceWeights(poisoned);
        Assert.All(test.LogitsAfter(5, 6, 7, 8), v => Assert.True(float.IsNaN(v)));
        test.Decoder.ReplaceWeights(golden.Checkpoint);
        Assert.Equal(before, test.LogitsAfter(1, 2, 3));
    }

    private static void AssertOneLine(Func<object> action) =>
        Assert.DoesNotContain('\n', Assert.Throws<NotSupportedException>(action).Message);
}
