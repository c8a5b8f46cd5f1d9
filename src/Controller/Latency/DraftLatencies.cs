using Atlas.Core.Decoding;

namespace Atlas.Controller.Latency;

/// <summary>What drafting takes, by speculator, for one sequence of a batch. Not thread-safe; allocates nothing.</summary>
/// <param name="speculators">The speculators, in their order.</param>
internal sealed class DraftLatencies(IReadOnlyList<SpeculatorProfile> speculators)
{
    private readonly DraftLatency[] _all = [.. speculators.Select(s => new DraftLatency(s.Cost))];
    private int _called;

    /// <summary>Speculators.</summary>
    public int Count => _all.Length;

    /// <summary>The cost of one, as learned so far.</summary>
    public DraftCost CostOf(int speculator) => _all[speculator].Cost;

    /// <summary>A step begins: those that were not called in the last one fade.</summary>
    public void BeginStep()
    {
        for (int i = 0; i < _all.Length; i++)
            if ((_called >> i & 1) == 0)
                _all[i].Rest();
        _called = 0;
    }

    /// <summary>Learns from a call.</summary>
    /// <param name="timing">The call.</param>
    /// <param name="read">Tokens of text that had to be read first.</param>
    public void Observe(in DraftTiming timing, int read)
    {
        _called |= 1 << timing.Speculator;
        _all[timing.Speculator].Observe(timing, read);
    }

    /// <summary>Seconds of asking one for a sequence, which shares the call and its levels with others of the batch; without reading.</summary>
    /// <param name="speculator">Who is asked.</param>
    /// <param name="depth">Levels that it drafts.</param>
    /// <param name="tokens">Tokens that it drafts.</param>
    /// <param name="decoding">Sequences of the batch that may draft.</param>
    public double Seconds(int speculator, double depth, double tokens, int decoding)
    {
        var cost = CostOf(speculator);
        return (cost.PerCall + cost.PerLevel * depth) / Sharing(speculator, decoding) + cost.PerToken * tokens;
    }

    /// <summary>Seconds of drafting one token deeper for a sequence.</summary>
    public double SecondsDeeper(int speculator, int decoding)
    {
        var cost = CostOf(speculator);
        return cost.PerLevel / Sharing(speculator, decoding) + cost.PerToken;
    }

    private double Sharing(int speculator, int decoding) => Math.Clamp(_all[speculator].Sequences, 1, decoding);
}
