using Atlas.Core.Sampling;
using Atlas.Modeling.Engine;

namespace Atlas.Compute.Cpu.Tokens;

/// <summary>
/// A token head's forward. Only candidates are drawn; the share of all other tokens comes behind them as token -1 with a score of its own, so
/// that a confidence is measured against it too. Objects are reused in turn, and each knows the forward it belongs to.
/// </summary>
internal sealed class TokenForwardResult(TokenRows rows, CoupledSampler sampler, int vocabularySize) : IForwardResult
{
    private long _version = -1;
    private TextStates? _states;

    /// <inheritdoc/>
    public IHiddenStates Hidden => _states ?? throw new InvalidOperationException("the result belongs to no forward yet");

    /// <summary>Belongs to the newest forward from now on.</summary>
    public void Renew(TextStates states)
    {
        _version = rows.Version;
        _states = states;
    }

    /// <inheritdoc/>
    public void Sample(SampleBatch batch, Span<SampledToken> results)
    {
        CheckResults(batch.Specs.Length, 1, results.Length);
        for (int i = 0; i < batch.Specs.Length; i++) Draw(batch, i, results.Slice(i, 1));
    }

    /// <inheritdoc/>
    /// <remarks>Of k results one is left for the tokens that are no candidates: token -1 with a finite score.</remarks>
    public void TopPerturbed(SampleBatch batch, int k, Span<SampledToken> results)
    {
        CheckResults(batch.Specs.Length, k, results.Length);
        for (int i = 0; i < batch.Specs.Length; i++)
        {
            var best = results.Slice(i * k, k);
            if (k == 1)
            {
                Draw(batch, i, best);
                continue;
            }
            Draw(batch, i, best[..^1]);
            int drawn = 0;
            while (drawn < k - 1 && best[drawn].Token >= 0) drawn++;
            ref readonly var spec = ref batch.Specs[i];
            float escape = rows.Escape(spec.Row), temperature = spec.State.Options.Temperature;
            best[drawn..].Fill(Nothing);
            best[drawn] = new SampledToken(-1, float.NegativeInfinity, spec.State.Options.IsGreedy ? escape : escape / temperature);
        }
    }

    /// <inheritdoc/>
    public void TopK(ReadOnlySpan<int> wanted, int k, Span<SampledToken> results)
    {
        CheckResults(wanted.Length, k, results.Length);
        for (int i = 0; i < wanted.Length; i++)
        {
            var best = results.Slice(i * k, k);
            best.Fill(Nothing);
            var tokens = rows.Tokens(wanted[i]);
            if (tokens.Length > 0) sampler.Top(rows.Scores(wanted[i]), best, tokens);
        }
    }

    /// <summary>Logits of the whole vocabulary; what all others have together is shared out evenly among them.</summary>
    public void ReadLogits(int row, Span<float> destination)
    {
        CheckVersion();
        if (destination.Length != vocabularySize)
            throw new ArgumentException($"the destination holds {destination.Length} values; expected {vocabularySize}", nameof(destination));
        var tokens = rows.Tokens(row);
        destination.Fill(rows.Escape(row) - MathF.Log(Math.Max(1, vocabularySize - tokens.Length)));
        for (int i = 0; i < tokens.Length; i++) destination[tokens[i]] = rows.Scores(row)[i];
    }

    private static SampledToken Nothing => new(-1, float.NegativeInfinity, float.NegativeInfinity);

    private void Draw(SampleBatch batch, int index, Span<SampledToken> best)
    {
        ref readonly var spec = ref batch.Specs[index];
        var tokens = rows.Tokens(spec.Row);
        if (tokens.IsEmpty) best.Fill(Nothing);
        else sampler.Draw(rows.Scores(spec.Row), spec, batch.Path(spec), best, tokens);
    }

    private void CheckResults(int draws, int k, int length)
    {
        CheckVersion();
        if (k < 1 || k > CoupledSampler.MaxRanked)
            throw new ArgumentException($"k is {k}; expected 1 to {CoupledSampler.MaxRanked}", nameof(k));
        if (length != (long)draws * k) throw new ArgumentException($"there is room for {length} results; expected {(long)draws * k}", nameof(length));
    }

    private void CheckVersion()
    {
        if (_version != rows.Version) throw new InvalidOperationException("the result was replaced by a later forward");
    }
}
