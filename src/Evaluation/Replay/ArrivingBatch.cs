using System.Diagnostics;
using Atlas.Evaluation.Comparison;

namespace Atlas.Evaluation.Replay;

/// <summary>
/// One strategy's side of a replay with arrivals: requests come by its own clock, join the batch where there is a place, and leave as they end. The
/// clock runs while the strategy works and stands still in the others' turns; time in which it has nothing to do is jumped over.
/// </summary>
/// <param name="strategy">Who decodes.</param>
/// <param name="requests">The trace.</param>
/// <param name="arrivals">When they come, and how many are decoded at once.</param>
/// <param name="endTokens">Ids that end a completion.</param>
internal sealed class ArrivingBatch(LiveStrategy strategy, IReadOnlyList<LiveRequest> requests, ArrivalTimes arrivals, IReadOnlyList<int> endTokens)
{
    private readonly StrategyBatch _batch = new(strategy.Strategy, arrivals.Places);
    private readonly List<ArrivedRequest> _live = [];
    private readonly List<ArrivedRequest> _ended = [];
    private readonly int[][] _outputs = new int[requests.Count][];
    private int _arrived;
    private int _done;
    private double _now;

    /// <summary>What was emitted, by request.</summary>
    public IReadOnlyList<int[]> Outputs => _outputs;

    /// <summary>The strategy's turn: it works until so many requests have ended since the beginning.</summary>
    public void Advance(int ended, ReplayLog log)
    {
        strategy.Strategy.Work?.Begin();
        var states = new List<Scenarios.StrategyState>();
        while (_done + _ended.Count < ended)
        {
            Admit();
            Step(states);
        }
        long start = Stopwatch.GetTimestamp();
        strategy.Strategy.Work?.End();
        double rest = Stopwatch.GetElapsedTime(start).TotalSeconds;
        _now += rest;
        for (int i = 0; i < _ended.Count; i++)
        {
            _ended[i].Share(rest / _ended.Count);
            log.Add(strategy.Name, _ended[i].Index, _ended[i].Totals(), states[i]);
        }
        _done += _ended.Count;
        _ended.Clear();
    }

    private double ArrivalOf(int request) => requests[request].ArrivalSeconds * arrivals.Scale;

    private void Admit()
    {
        if (_live.Count == 0) _now = Math.Max(_now, ArrivalOf(_arrived));
        for (; _arrived < requests.Count && _batch.HasPlace && ArrivalOf(_arrived) <= _now; _arrived++)
        {
            var sequence = requests[_arrived].Request.Open(_arrived, strategy.Strategy, endTokens);
            _live.Add(new ArrivedRequest(_arrived, sequence, ArrivalOf(_arrived)));
            _batch.Join(sequence);
        }
    }

    private void Step(List<Scenarios.StrategyState> states)
    {
        var before = strategy.Meter.Work;
        long start = Stopwatch.GetTimestamp();
        _batch.Step();
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        _now += seconds;
        var drafting = (strategy.Meter.Work - before) / _live.Count;
        foreach (var request in _live)
        {
            request.Share(seconds / _live.Count, drafting, _now);
            if (request.Sequence.Finish is null) continue;
            _outputs[request.Index] = request.Sequence.Output.ToArray();
            _ended.Add(request);
            states.Add(strategy.State());
        }
        _batch.RemoveEnded();
        _live.RemoveAll(request => request.Sequence.Finish is not null);
    }
}
