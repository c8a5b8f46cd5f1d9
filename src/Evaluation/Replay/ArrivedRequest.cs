using Atlas.Core.Decoding;

namespace Atlas.Evaluation.Replay;

/// <summary>A request while one strategy decodes it beside others: its share of what the steps took.</summary>
/// <param name="index">Its index in the trace.</param>
/// <param name="sequence">What decodes it.</param>
/// <param name="arrival">When it came, by the strategy's clock.</param>
internal sealed class ArrivedRequest(int index, DecodeSequence sequence, double arrival)
{
    private int _first;
    private double _seconds;
    private double _latency;
    private DraftWork _drafting;

    public int Index => index;

    public DecodeSequence Sequence => sequence;

    /// <summary>Takes its share of a step that has just been done.</summary>
    public void Share(double seconds, DraftWork drafting, double now)
    {
        _drafting += drafting;
        if (_first > 0) _seconds += seconds;
        else _first = sequence.Output.Length;
        if (sequence.Finish is not null) _latency = now - arrival;
    }

    /// <summary>Takes its share of what was done behind the last step of a turn.</summary>
    public void Share(double seconds) => _seconds += seconds;

    /// <summary>All that it took.</summary>
    public ReplayTotals Totals() => ReplayTotals.Of(sequence.Statistics, _drafting) with
    {
        TimedTokens = sequence.Output.Length - _first,
        Seconds = _seconds,
        ForwardSeconds = double.NaN,
        LatencySeconds = _latency,
    };
}
