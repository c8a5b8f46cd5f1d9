using Atlas.Core.Decoding;

namespace Atlas.Evaluation.Comparison;

/// <summary>What one strategy did on the requests of one group. Sums, so that every ratio is of totals.</summary>
/// <param name="strategy">Whose.</param>
/// <param name="maxDepth">Longest draft path to keep counts for.</param>
public sealed class StrategyScore(string strategy, int maxDepth)
{
    private long _decodedTokens;
    private double _decodeSeconds;
    private double _totalSeconds;
    private long _answers;
    private long _rightAnswers;
    private long _ended;

    /// <summary>The strategy's name.</summary>
    public string Strategy { get; } = strategy;

    /// <summary>Requests decoded.</summary>
    public long Requests { get; private set; }

    /// <summary>Drafted, accepted, emitted.</summary>
    public DecodeStatistics Statistics { get; } = new(maxDepth);

    /// <summary>Emitted tokens per second of decoding, from a request's first token to its last, totals over totals.</summary>
    public double Goodput => _decodeSeconds == 0 ? 0 : _decodedTokens / _decodeSeconds;

    /// <summary>Emitted tokens per second, prompts included.</summary>
    public double EndToEnd => _totalSeconds == 0 ? 0 : Statistics.Emitted / _totalSeconds;

    /// <summary>Fraction of right answers among the requests that can be checked; NaN when none can.</summary>
    public double Accuracy => _answers == 0 ? double.NaN : (double)_rightAnswers / _answers;

    /// <summary>Fraction of requests that ended by an end token or a stop string.</summary>
    public double EndedByThemselves => Requests == 0 ? 0 : (double)_ended / Requests;

    /// <summary>Adds another group's sums.</summary>
    internal void Add(StrategyScore other)
    {
        Requests += other.Requests;
        Statistics.Add(other.Statistics);
        _decodedTokens += other._decodedTokens;
        _decodeSeconds += other._decodeSeconds;
        _totalSeconds += other._totalSeconds;
        _answers += other._answers;
        _rightAnswers += other._rightAnswers;
        _ended += other._ended;
    }

    /// <summary>Counts a request.</summary>
    internal void Add(DecodedRequest decoded, EvaluationRequest request)
    {
        Requests++;
        Statistics.Add(decoded.Statistics);
        _decodedTokens += decoded.TokensAfterFirstStep;
        _decodeSeconds += decoded.DecodeSeconds;
        _totalSeconds += decoded.TotalSeconds;
        if (decoded.Finish is FinishReason.EndToken or FinishReason.StopString) _ended++;
        if (request.Accepts is null) return;
        _answers++;
        if (request.Accepts(decoded.Answer)) _rightAnswers++;
    }
}
