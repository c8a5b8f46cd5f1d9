using System.CommandLine;
using Atlas.Core.Drafting;

namespace Atlas.Host.CommandLine;

/// <summary>The options that say who drafts and how far.</summary>
internal sealed class SpeculationOptionSet
{
    private readonly Option<string?> _speculator = new("--speculator")
    {
        Description = "Who drafts: none (plain decoding) or static (the draft model). Default: static where there is a draft model.",
    };

    private readonly Option<int> _lookahead = new("--lookahead") { Description = "Most draft tokens on one path.", DefaultValueFactory = _ => 4 };

    private readonly Option<int> _branches = new("--branches")
    {
        Description = "Most children of a draft node; 1 drafts chains, more draft trees.",
        DefaultValueFactory = _ => 1,
    };

    private readonly Option<int?> _nodes = new("--nodes") { Description = "Most nodes of a draft tree. Default: twice the lookahead." };

    private readonly Option<float> _minConfidence = new("--min-confidence")
    {
        Description = "Stops drafting on a path whose confidence falls below this; 0 drafts to the full lookahead.",
        DefaultValueFactory = _ => 0f,
    };

    private readonly Option<string> _verification = new("--verification")
    {
        Description = "coupled: the tokens of plain decoding, to the bit; rejection: classical speculative sampling, the same distribution.",
        DefaultValueFactory = _ => "coupled",
    };

    public SpeculationOptionSet()
    {
        _speculator.AcceptOnlyFromAmong("none", "static");
        _verification.AcceptOnlyFromAmong("coupled", "rejection");
        _lookahead.MustBe(n => n is >= 1 and <= 64, "1 to 64");
        _branches.MustBe(n => n is >= 1 and <= 8, "1 to 8");
        _nodes.MustBe(n => n is null or (>= 1 and <= 128), "1 to 128");
        _minConfidence.MustBe(x => x is >= 0f and < 1f, "0 to less than 1");
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
        string speculator = parsed.GetValue(_speculator) ?? (hasDraft ? "static" : "none");
        if (speculator == "static" && !hasDraft) throw new UsageException("--speculator static needs a draft model; expected --draft DIR");
        int lookahead = parsed.GetValue(_lookahead);
        int branches = parsed.GetValue(_branches);
        int nodes = parsed.GetValue(_nodes) ?? (branches == 1 ? lookahead : 2 * lookahead);
        bool rejection = parsed.GetValue(_verification) == "rejection";
        if (rejection && branches > 1) throw new UsageException("--verification rejection verifies chains; expected --branches 1");
        var budget = speculator == "none" ? DraftBudget.None : new DraftBudget(lookahead, nodes, branches);
        return new SpeculationChoice(speculator, budget, parsed.GetValue(_minConfidence), rejection);
    }
}
