using Atlas.Modeling;
using Atlas.Modeling.Engine;

namespace Atlas.Conformance;

/// <summary>Real checkpoint files give the logits of an independent implementation.</summary>
public abstract class GoldenConformance : EngineConformance
{
    /// <summary>
    /// Formats the engine has beside f32, and how large the error may be as a fraction of the logits, both as root mean squares. Rounding a
    /// weight to bfloat16 changes it by at most 0.2 %, to 8 bits by at most 0.4 % of its group's greatest.
    /// </summary>
    protected virtual IReadOnlyDictionary<WeightFormat, double> RoundedFormats { get; } =
        new Dictionary<WeightFormat, double> { [WeightFormat.BF16] = 0.02 };

    [Theory]
    [MemberData(nameof(GoldenCheckpoint.Names), MemberType = typeof(GoldenCheckpoint))]
    public void F32_logits_are_those_of_the_golden_file(string name)
    {
        using var golden = new GoldenCheckpoint(name);
        var logits = Run(golden, WeightFormat.F32);
        for (int i = 0; i < logits.Length; i++) AssertNear(golden.Logits(i), logits[i], 1e-3);
    }

    [Theory]
    [MemberData(nameof(GoldenCheckpoint.Names), MemberType = typeof(GoldenCheckpoint))]
    public void Rounded_weights_stay_close_to_the_golden_file(string name)
    {
        using var golden = new GoldenCheckpoint(name);
        foreach (var (format, bound) in RoundedFormats)
        {
            var logits = Run(golden, format);
            double error = 0, size = 0;
            for (int i = 0; i < logits.Length; i++)
            {
                var expected = golden.Logits(i);
                error += expected.Zip(logits[i], (e, a) => (e - a) * (e - a)).Sum();
                size += expected.Sum(e => e * e);
            }
            Assert.True(Math.Sqrt(error / size) <= bound, $"{format}: relative error {Math.Sqrt(error / size)}; expected at most {bound}");
        }
    }

    private float[][] Run(GoldenCheckpoint golden, WeightFormat format)
    {
        using var decoder = Engine.LoadDecoder(
            golden.Checkpoint.Config, golden.Checkpoint, new DecoderOptions { Format = format, MaxRows = 64 });
        using var sequence = decoder.OpenSequence();
        return Feed(decoder, sequence, golden.Tokens, 16);
    }
}
