using System.Diagnostics;
using Atlas.Core.Decoding;

namespace Atlas.Evaluation.Comparison;

/// <summary>
/// Decodes the same requests with several strategies, interleaved request by request with the order rotating, so that drift of the machine
/// meets all alike, and checks that every strategy emits the first one's tokens.
/// </summary>
/// <param name="strategies">The first one is what the others are compared with: plain decoding.</param>
/// <param name="endTokens">Ids that end a request.</param>
public sealed class StrategyComparison(IReadOnlyList<Strategy> strategies, IReadOnlyList<int> endTokens)
{
    private readonly List<(string Domain, StrategyScore Score)> _scores = [];
    private readonly List<double> _steps = [];
    private long _nextId;

    /// <summary>Requests whose output differed between strategies, with the strategy that differed; empty when all are identical.</summary>
    public List<OutputDifference> Differences { get; } = [];

    /// <summary>Domains in the order they were first seen.</summary>
    public IEnumerable<string> Domains => _scores.Select(s => s.Domain).Distinct();

    /// <summary>Decodes one request with every strategy, and returns what each of them did, in the strategies' order.</summary>
    /// <param name="request">What to decode.</param>
    /// <param name="turn">The request's number; whose turn comes first rotates with it.</param>
    public IReadOnlyList<DecodedRequest> Decode(EvaluationRequest request, int turn)
    {
        var all = new DecodedRequest[strategies.Count];
        for (int i = 0; i < strategies.Count; i++)
        {
            int chosen = (i + turn) % strategies.Count;
            all[chosen] = Decode(request, strategies[chosen]);
            ScoreOf(request.Domain, strategies[chosen]).Add(all[chosen], request);
        }
        int[] expected = all[0].Tokens;
        for (int i = 1; i < all.Length; i++)
            if (!all[i].Tokens.AsSpan().SequenceEqual(expected))
                Differences.Add(new OutputDifference(turn, request.Domain, strategies[i].Name, expected.AsSpan().CommonPrefixLength(all[i].Tokens)));
        return all;
    }

    /// <summary>The score of a strategy over one domain.</summary>
    public StrategyScore Score(string domain, string strategy) =>
        _scores.First(s => s.Domain == domain && s.Score.Strategy == strategy).Score;

    /// <summary>The scores of a strategy over all domains, added up.</summary>
    public StrategyScore Total(string strategy) => Total(strategy, [.. Domains]);

    /// <summary>The scores of a strategy over some domains, added up.</summary>
    public StrategyScore Total(string strategy, IReadOnlyList<string> domains)
    {
        var own = _scores.Where(s => s.Score.Strategy == strategy && domains.Contains(s.Domain)).Select(s => s.Score).ToList();
        var total = new StrategyScore(strategy, strategies.Max(s => s.DraftCapacity));
        foreach (var score in own) total.Add(score);
        return total;
    }

    private StrategyScore ScoreOf(string domain, Strategy strategy)
    {
        foreach (var (d, score) in _scores)
            if (d == domain && score.Strategy == strategy.Name)
                return score;
        var added = new StrategyScore(strategy.Name, strategies.Max(s => s.DraftCapacity));
        _scores.Add((domain, added));
        return added;
    }

    private DecodedRequest Decode(EvaluationRequest request, Strategy strategy)
    {
        var sequence = request.Open(_nextId++, strategy, endTokens);
        _steps.Clear();
        strategy.Work?.Begin();
        var clock = Stopwatch.StartNew();
        double first = 0, last = 0;
        int firstTokens = 0;
        while (sequence.Finish is null)
        {
            strategy.Decoder.Step([sequence]);
            strategy.Work?.AfterStep();
            double now = clock.Elapsed.TotalSeconds;
            if (firstTokens > 0) _steps.Add(now - last);
            last = now;
            if (firstTokens > 0 || sequence.Output.IsEmpty) continue;
            first = now;
            firstTokens = sequence.Output.Length;
        }
        // What is still being learned when the last token is out delays nobody else's turn.
        strategy.Work?.End();
        double total = clock.Elapsed.TotalSeconds;
        strategy.Decoder.Release(sequence);
        return new DecodedRequest(
            sequence.Output.ToArray(), sequence.Finish.Value, sequence.Statistics, sequence.Output.Length - firstTokens, total - first, total)
        {
            StepSeconds = [.. _steps],
        };
    }
}
