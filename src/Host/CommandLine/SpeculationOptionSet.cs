using System.CommandLine;
using Atlas.Core.Drafting;
using Atlas.Host.Speculation;

namespace Atlas.Host.CommandLine;

/// <summary>The options that say who drafts and how far.</summary>
internal sealed class SpeculationOptionSet
{
    private const int FixedLookahead = 4;

    private readonly Option<string?> _speculator = new("--speculator")
    {
        Description =
            "Who drafts: none (plain decoding), static (the draft model), suffix (what followed the same text before), learned (a head that learns " +
            "from the traffic), merged (all of them in every step), auto (the controller chooses). Default: auto.",
    };

    private readonly Option<int?> _lookahead = new("--lookahead")
    {
        Description = $"Most draft tokens on one path. Default: {FixedLookahead} with static and merged; the controller's choice with the others.",
    };

    private readonly Option<int?> _branches = new("--branches")
    {
        Description = "Most children of a draft node; 1 drafts chains, more draft trees. Default: 1 with static and merged.",
    };

    private readonly Option<int?> _nodes = new("--nodes")
    {
        Description = "Most nodes of a draft tree. Default: the lookahead for a chain, twice that for a tree and for merged.",
    };

    private readonly Option<float?> _minConfidence = new("--min-confidence")
    {
        Description = "Stops drafting on a path whose confidence falls below this; 0 drafts to the full lookahead.",
    };

    private readonly Option<string> _verification = new("--verification")
    {
        Description = "coupled: the tokens of plain decoding, to the bit; rejection: classical speculative sampling, the same distribution (none, static).",
        DefaultValueFactory = _ => "coupled",
    };

    public SpeculationOptionSet()
    {
        _speculator.AcceptOnlyFromAmong([.. StrategyNames.All]);
        _verification.AcceptOnlyFromAmong("coupled", "rejection");
        _lookahead.MustBe(n => n is null or (>= 1 and <= 64), "1 to 64");
        _branches.MustBe(n => n is null or (>= 1 and <= 8), "1 to 8");
        _nodes.MustBe(n => n is null or (>= 1 and <= 128), "1 to 128");
        _minConfidence.MustBe(x => x is null or (>= 0f and < 1f), "0 to less than 1");
    }

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_speculator, _lookahead, _branches, _nodes, _minConfidence, _verification]) command.Add(option);
    }

    /// <summary>The speculation that was asked for.</summary>
    /// <param name="parsed">Command line.</param>
    /// <param name="hasDraft">Whether there is a draft model.</param>
    /// <exception cref="UsageException">The options contradict each other.</exception>
    public SpeculationChoice Read(ParseResult parsed, bool hasDraft)
    {
        bool rejection = parsed.GetValue(_verification) == "rejection";
        string speculator = parsed.GetValue(_speculator) ?? (!rejection ? StrategyNames.Auto : hasDraft ? StrategyNames.Static : StrategyNames.None);
        if (speculator == StrategyNames.Static && !hasDraft) throw new UsageException("--speculator static needs a draft model; expected --draft DIR");
        if (rejection && speculator is not (StrategyNames.None or StrategyNames.Static))
            throw new UsageException($"--verification rejection verifies one draft model's chains; expected --speculator none or static, not {speculator}");
        int? lookahead = parsed.GetValue(_lookahead), branches = parsed.GetValue(_branches), nodes = parsed.GetValue(_nodes);
        if (rejection && branches > 1) throw new UsageException("--verification rejection verifies chains; expected --branches 1");
        return new SpeculationChoice(speculator, Fixed(speculator, lookahead ?? FixedLookahead, branches ?? 1, nodes), parsed.GetValue(_minConfidence), rejection)
        {
            Limit = new DraftBudget(lookahead ?? 0, nodes ?? 0, branches ?? 0),
        };
    }

    private static DraftBudget Fixed(string speculator, int lookahead, int branches, int? nodes)
    {
        if (speculator is not (StrategyNames.Static or StrategyNames.Merged)) return DraftBudget.None;
        bool chain = branches == 1 && speculator == StrategyNames.Static;
        return new DraftBudget(lookahead, nodes ?? (chain ? lookahead : 2 * lookahead), branches);
    }
}
