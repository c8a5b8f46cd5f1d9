using Atlas.Modeling.Engine;

namespace Atlas.Compute.Torch.Tests;

/// <summary>Compares whole logit rows.</summary>
internal static class LogitAssert
{
    public static float[] Read(IForwardResult result, int row, int vocabulary)
    {
        var logits = new float[vocabulary];
        result.ReadLogits(row, logits);
        return logits;
    }

    public static void Near(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, float tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(
                Math.Abs(expected[i] - actual[i]) <= tolerance, $"logit {i} is {actual[i]}, expected {expected[i]} within {tolerance}");
    }
}
