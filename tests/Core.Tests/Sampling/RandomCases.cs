using Atlas.Core.Sampling;

namespace Atlas.Core.Tests.Sampling;

/// <summary>Random logits and options; whatever can be on is on in some of them.</summary>
internal sealed class RandomCases(int seed)
{
    private readonly Random _random = new(seed);

    public float[] Logits(int length)
    {
        var logits = new float[length];
        bool coarse = _random.Next(3) == 0, broken = _random.Next(3) == 0;
        double spread = _random.Next(3) switch { 0 => 2, 1 => 8, _ => 40 };
        for (int i = 0; i < length; i++)
        {
            double x = (_random.NextDouble() - 0.5) * spread;
            // Halves of whole numbers, so that ties are common.
            logits[i] = coarse ? (float)Math.Round(x) * 0.5f : (float)x;
            if (broken && _random.Next(8) == 0) logits[i] = _random.Next(2) == 0 ? float.NaN : float.NegativeInfinity;
        }
        return logits;
    }

    public SampleCase Next(int vocabulary, bool hot)
    {
        int[]? ids = hot ? [.. Enumerable.Range(0, vocabulary).Where(_ => _random.Next(3) == 0)] : null;
        if (ids is { Length: 0 }) ids = [vocabulary / 2];
        var options = new SamplingOptions
        {
            Temperature = Often(0f, (float)(_random.NextDouble() * 2 + 0.05)),
            TopK = Often(0, _random.Next(1, vocabulary + 5)),
            TopP = Often(1f, (float)Math.Max(0.01, _random.NextDouble())),
            MinP = Often(0f, (float)_random.NextDouble()),
            RepetitionPenalty = Often(1f, (float)(_random.NextDouble() * 1.5 + 0.5)),
            PresencePenalty = Often(0f, (float)(_random.NextDouble() * 4 - 2)),
            FrequencyPenalty = Often(0f, (float)(_random.NextDouble() * 2 - 1)),
            LogitBias = _random.Next(3) == 0 ? Bias(vocabulary) : null,
            AllowedTokens = _random.Next(4) == 0 ? Mask(vocabulary) : null,
            Seed = (ulong)_random.NextInt64(),
        };
        return new SampleCase(options)
        {
            Prompt = Tokens(vocabulary, _random.Next(1, 20)),
            Output = Tokens(vocabulary, _random.Next(20)),
            Path = Tokens(vocabulary, _random.Next(6)),
            Position = _random.Next(1000),
            Mask = _random.Next(4) == 0 ? Mask(vocabulary) : null,
            Ids = ids,
        };
    }

    private T Often<T>(T off, T on) => _random.Next(2) == 0 ? off : on;

    private int[] Tokens(int vocabulary, int count) => [.. Enumerable.Range(0, count).Select(_ => _random.Next(vocabulary))];

    private Dictionary<int, float> Bias(int vocabulary)
    {
        var bias = new Dictionary<int, float>();
        for (int i = 0; i < 5; i++) bias[_random.Next(vocabulary)] = _random.Next(5) == 0 ? float.NegativeInfinity : _random.Next(-5, 6);
        return bias;
    }

    private TokenMask Mask(int vocabulary)
    {
        var mask = new TokenMask(vocabulary);
        for (int token = 0; token < vocabulary; token++)
            if (_random.Next(2) == 0)
                mask.Allow(token);
        return mask;
    }
}
