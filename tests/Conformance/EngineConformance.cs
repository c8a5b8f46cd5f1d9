using Atlas.Conformance.Models;
using Atlas.Core.Sampling;
using Atlas.Modeling;
using Atlas.Modeling.Engine;

namespace Atlas.Conformance;

/// <summary>
/// What all conformance classes share. An engine's test project derives from each abstract class here and says how the engine is made.
/// </summary>
public abstract class EngineConformance : IDisposable
{
    private IComputeEngine? _engine;

    /// <summary>The engine under test.</summary>
    protected IComputeEngine Engine => _engine ??= CreateEngine();

    /// <summary>Makes the engine under test.</summary>
    protected abstract IComputeEngine CreateEngine();

    /// <summary>Most that a logit of the tiny models in f32 may differ from the reference in double.</summary>
    protected virtual double Tolerance => 2e-4;

    public void Dispose()
    {
        _engine?.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Loads a tiny model with random weights.</summary>
    protected IDecoder Load(string model, int seed = 1, WeightFormat format = WeightFormat.F32, int sequences = 4)
    {
        var config = TinyModels.All[model];
        return Load(config, new TestWeights(config, seed), format, sequences);
    }

    /// <summary>Loads a model with room for some sequences.</summary>
    protected IDecoder Load(ModelConfig config, IWeightSource weights, WeightFormat format = WeightFormat.F32, int sequences = 4) =>
        Engine.LoadDecoder(config, weights, new DecoderOptions { Format = format, MaxSequences = sequences, MaxRows = 96, MaxPending = 64 });

    /// <summary>Seeded tokens.</summary>
    protected static int[] Tokens(IDecoder decoder, int count, int seed = 7)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(decoder.Config.VocabularySize))];
    }

    /// <summary>Feeds tokens as chains of at most <paramref name="chunk"/>, commits them, and returns the logits of all.</summary>
    protected static float[][] Feed(IDecoder decoder, IDecoderSequence sequence, ReadOnlySpan<int> tokens, int chunk)
    {
        var all = new List<float[]>();
        var plan = new BatchPlan();
        for (int at = 0; at < tokens.Length; at += chunk)
        {
            var part = tokens[at..Math.Min(tokens.Length, at + chunk)];
            plan.Clear();
            plan.Begin(sequence);
            for (int i = 0; i < part.Length; i++) plan.Add(part[i], i - 1, output: true);
            var result = decoder.Forward(plan);
            for (int i = 0; i < part.Length; i++) all.Add(Logits(decoder, result, i));
            sequence.CommitChain(part.Length);
        }
        return [.. all];
    }

    /// <summary>The logits of the last of some tokens, computed alone on a fresh sequence.</summary>
    protected static float[] LogitsAfter(IDecoder decoder, params int[] tokens)
    {
        using var sequence = decoder.OpenSequence();
        return Feed(decoder, sequence, tokens, 1)[^1];
    }

    /// <summary>A row's logits.</summary>
    protected static float[] Logits(IDecoder decoder, IForwardResult result, int row)
    {
        var logits = new float[decoder.Config.VocabularySize];
        result.ReadLogits(row, logits);
        return logits;
    }

    /// <summary>A row's hidden state.</summary>
    protected static float[] Hidden(IHiddenStates states, int row)
    {
        var hidden = new float[states.Width];
        states.Read(row, hidden);
        return hidden;
    }

    /// <summary>Equal to the bit where the engine promises it, else within the tolerance.</summary>
    protected void AssertSame(float[] expected, float[] actual)
    {
        if (Engine.Info.BatchInvariant)
        {
            Assert.Equal(expected, actual);
            return;
        }
        AssertNear(Array.ConvertAll(expected, v => (double)v), actual, Tolerance);
    }

    /// <summary>Greatest difference at most <paramref name="tolerance"/>.</summary>
    protected static void AssertNear(double[] expected, float[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        double worst = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(float.IsFinite(actual[i]), $"value {i} is {actual[i]}");
            worst = Math.Max(worst, Math.Abs(expected[i] - actual[i]));
        }
        Assert.True(worst <= tolerance, $"greatest difference is {worst}; expected at most {tolerance}");
    }

    /// <summary>A sampling state without history.</summary>
    protected static SamplingState State(SamplingOptions options) => new(options, [], 64);

    /// <summary>The k best tokens of one spec.</summary>
    protected static SampledToken[] TopPerturbed(IForwardResult result, SampleSpec spec, int k, params int[] path)
    {
        var best = new SampledToken[k];
        SampleSpec[] specs = [spec];
        result.TopPerturbed(new SampleBatch(specs, path), k, best);
        return best;
    }

    /// <summary>The token drawn for one spec.</summary>
    protected static SampledToken Sample(IForwardResult result, SampleSpec spec, params int[] path)
    {
        var drawn = new SampledToken[1];
        SampleSpec[] specs = [spec];
        result.Sample(new SampleBatch(specs, path), drawn);
        return drawn[0];
    }
}
