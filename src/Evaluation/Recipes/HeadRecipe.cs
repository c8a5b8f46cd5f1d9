namespace Atlas.Evaluation.Recipes;

/// <summary>
/// What the learned speculator has learned before it is shipped: completions of the target itself, of domains that it is to know. It is trained as
/// it is in service (<see cref="Trainer.Online.OnlineTrainer"/>), with half of the time instead of a small share of it.
/// </summary>
public sealed record HeadRecipe
{
    /// <summary>Domains whose training prompts the target completes, in turns.</summary>
    public required IReadOnlyList<string> Domains { get; init; }

    /// <summary>Tokens that the target emits, all domains together.</summary>
    public required long Tokens { get; init; }

    /// <summary>Completions decoded at once.</summary>
    public int Batch { get; init; } = 8;

    /// <summary>Most tokens of a completion.</summary>
    public int MaxTokens { get; init; } = 192;

    /// <summary>Times that a position is learned from, on average.</summary>
    public double Passes { get; init; } = 4;

    /// <summary>One line that says what is wrong, or null; <paramref name="name"/> is the recipe's key.</summary>
    internal string? Fault(string name)
    {
        if (DomainNames.Fault($"{name}.domains", Domains) is { } fault) return fault;
        if (Tokens < 1) return $"{name}.tokens is {Tokens}; expected 1 or more";
        if (Batch < 1) return $"{name}.batch is {Batch}; expected 1 or more";
        if (MaxTokens < 2) return $"{name}.max_tokens is {MaxTokens}; expected 2 or more";
        return Passes is > 0 and <= 100 ? null : $"{name}.passes is {Passes}; expected more than 0, at most 100";
    }
}
