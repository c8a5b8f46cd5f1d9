using Atlas.Core.Drafting;
using Atlas.Evaluation.Comparison;
using Atlas.Host.CommandLine;
using Atlas.Host.Speculation;

namespace Atlas.Host.Demo;

/// <summary>
/// Atlas with and without the learned speculators on the same requests, and beside them these alone with a fixed lookahead,
/// whose acceptance rate no controller's choice colours. Each domain begins with fresh stacks.
/// </summary>
/// <param name="factory">Composes stacks.</param>
/// <param name="requests">Where requests come from.</param>
/// <param name="endTokens">Ids that end a request.</param>
internal sealed class LearnedAblation(StackFactory factory, DemoRequests requests, IReadOnlyList<int> endTokens)
{
    private const int Requests = 220;
    private const int Compared = 20;
    private const int Lookahead = 4;

    private long _withTokens, _withoutTokens, _earlyDrafted, _earlyAccepted, _lateDrafted, _lateAccepted;
    private double _withSeconds, _withoutSeconds;

    /// <summary>Outputs that differed between the stacks.</summary>
    public int Differences { get; private set; }

    /// <summary>Measures over some domains.</summary>
    public LearnedAblationResult Run(IReadOnlyList<string> domains)
    {
        foreach (string domain in domains) Run(domain);
        double early = (double)_earlyAccepted / _earlyDrafted, late = (double)_lateAccepted / _lateDrafted;
        return new LearnedAblationResult(domains, _withoutTokens / _withoutSeconds / (_withTokens / _withSeconds), late / early);
    }

    private void Run(string domain)
    {
        var auto = new SpeculationChoice(StrategyNames.Auto, DraftBudget.None);
        using var with = factory.Create(auto);
        using var without = factory.Create(auto, new StackOptions { Without = [StrategyNames.Learned] });
        using var alone = factory.Create(new(StrategyNames.Learned, DraftBudget.Chain(Lookahead)), new StackOptions { FixedBudget = true });
        var comparison = new StrategyComparison([with.AsStrategy("with"), without.AsStrategy("without"), alone.AsStrategy("alone")], endTokens);
        int drafting = 0;
        for (int i = 0; i < Requests; i++)
        {
            var decoded = comparison.Decode(requests.Next(domain), i);
            (_withTokens, _withSeconds) = (_withTokens + decoded[0].TokensAfterFirstStep, _withSeconds + decoded[0].DecodeSeconds);
            (_withoutTokens, _withoutSeconds) = (_withoutTokens + decoded[1].TokensAfterFirstStep, _withoutSeconds + decoded[1].DecodeSeconds);
            var counts = decoded[2].Statistics;
            if (counts.Drafted > 0 && drafting++ < Compared)
                (_earlyDrafted, _earlyAccepted) = (_earlyDrafted + counts.Drafted, _earlyAccepted + counts.Accepted);
            if (i >= Requests - Compared) (_lateDrafted, _lateAccepted) = (_lateDrafted + counts.Drafted, _lateAccepted + counts.Accepted);
        }
        Differences += comparison.Differences.Count;
    }
}
