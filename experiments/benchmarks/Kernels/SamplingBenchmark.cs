using Atlas.Core.Sampling;
using BenchmarkDotNet.Attributes;

namespace Atlas.Benchmarks.Kernels;

/// <summary>Drawing one token from a row of logits, on one thread.</summary>
public class SamplingBenchmark : KernelBenchmark
{
    private static readonly SamplingState Greedy = new(SamplingOptions.Greedy, [0], 1);
    private static readonly SamplingState Warm = new(new SamplingOptions { Temperature = 1, Seed = 1 }, [0], 1);
    private static readonly SamplingState Filtered = new(new SamplingOptions { Temperature = 1, TopK = 50, TopP = 0.95f, Seed = 1 }, [0], 1);

    private readonly SampledToken[] _best = new SampledToken[1];
    private float[] _logits = [];
    private CoupledSampler? _sampler;
    private long _position;

    /// <summary>Token ids.</summary>
    [Params(8192, 151936)]
    public int Vocabulary { get; set; }

    /// <inheritdoc/>
    public override KernelWork Work(string method) => new(sizeof(float) * (double)Vocabulary, 1, "token");

    /// <summary>The most probable token.</summary>
    [Benchmark]
    public int Argmax() => Draw(Greedy);

    /// <summary>Temperature 1: Gumbel noise on every logit.</summary>
    [Benchmark]
    public int Noisy() => Draw(Warm);

    /// <summary>Temperature 1 after top-k 50 and top-p 0.95.</summary>
    [Benchmark]
    public int TopKTopP() => Draw(Filtered);

    /// <inheritdoc/>
    protected override int Threads => 1;

    /// <inheritdoc/>
    protected override void Prepare()
    {
        var random = new Random(1);
        // Logits of a trained model spread over some tens.
        _logits = [.. Enumerable.Range(0, Vocabulary).Select(_ => 20 * random.NextSingle())];
        _sampler = new CoupledSampler(Vocabulary);
    }

    /// <inheritdoc/>
    protected override void Release() => _sampler = null;

    private int Draw(SamplingState state)
    {
        _sampler!.Draw(_logits, new SampleSpec(0, state, _position++), [], _best);
        return _best[0].Token;
    }
}
