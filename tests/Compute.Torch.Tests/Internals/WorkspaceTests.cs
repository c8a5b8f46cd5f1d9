using Atlas.Conformance.Models;
using Atlas.Modeling;
using Atlas.Modeling.Engine;

namespace Atlas.Compute.Torch.Tests.Internals;

/// <summary>A batch that the workspace does not hold is computed in several passes.</summary>
public sealed class WorkspaceTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 5)]
    [InlineData(30_000, 2)]
    public void Rows_are_the_same_in_one_pass_and_in_several(long workspace, int atLeast)
    {
        using var whole = new TorchEngine(TorchUnderTest.Options);
        using var bounded = new TorchEngine(TorchUnderTest.Options with { WorkspaceBytes = workspace });
        var expected = Run(whole, out int once);
        var actual = Run(bounded, out int passes);
        Assert.Equal(1, once);
        Assert.InRange(passes, atLeast, 5);
        for (int row = 0; row < expected.Length; row++) LogitAssert.Near(expected[row], actual[row], 2e-4f);
    }

    // Five sequences of different lengths, one row of each wanted but for one sequence that wants none and one that wants two.
    private static float[][] Run(TorchEngine engine, out int passes)
    {
        var config = TinyModels.All["mixed-windows"];
        using var decoder = engine.LoadDecoder(
            config, new TestWeights(config, 1), new DecoderOptions { Format = WeightFormat.F32, MaxSequences = 5, MaxRows = 96, MaxPending = 64 });
        var sequences = Enumerable.Range(0, 5).Select(_ => decoder.OpenSequence()).ToArray();
        var plan = new BatchPlan();
        for (int s = 0; s < sequences.Length; s++)
        {
            plan.Begin(sequences[s]);
            for (int i = 0; i < 3 + 4 * s; i++) plan.Add((7 * s + i) % config.VocabularySize, i - 1, output: s != 2 && i == 2 + 4 * s || s == 3 && i == 1);
        }
        var result = decoder.Forward(plan);
        passes = ((TorchDecoder)decoder).LastPasses;
        var wanted = Enumerable.Range(0, plan.Rows).Where(row => plan.Outputs[row]);
        return [.. wanted.Select(row => LogitAssert.Read(result, row, config.VocabularySize))];
    }
}
