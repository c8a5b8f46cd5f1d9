namespace Atlas.Modeling.Training;

/// <summary>
/// Shape of a learned speculator that sees tokens alone: a log-linear mixture of the successors that hashed n-gram contexts have had and of
/// copies from the recent text. What precedes a token takes the place of the target's hidden state: a state is the ids of the last
/// <see cref="ContextLength"/> tokens, one per value, oldest first, <see cref="NoToken"/> before the text's beginning.
/// </summary>
public sealed record TokenHeadConfig
{
    /// <summary>Stands where the text has not begun yet.</summary>
    public const int NoToken = -1;

    /// <summary>Ids must be below this: they travel as f32 values.</summary>
    public const int MostTokens = 1 << 24;

    /// <summary>Tokens of the text that are seen, 16 to 4,096: copies come from there. The width of a state.</summary>
    public int ContextLength { get; init; } = 512;

    /// <summary>Longest n-gram whose successors are learned, 1 to 8; all shorter ones are too.</summary>
    public int Orders { get; init; } = 5;

    /// <summary>Contexts kept of each order, a power of two: 64 bytes each. A newer context takes the place of an older one.</summary>
    public int Contexts { get; init; } = 1 << 14;

    /// <summary>Most rows in one forward.</summary>
    public int MaxRows { get; init; } = 64;

    /// <summary>Throws when a value is out of range.</summary>
    /// <exception cref="ArgumentException">One is; the message says which, and what was expected.</exception>
    public void Validate()
    {
        if (ContextLength is < 16 or > 4096) throw new ArgumentException($"a context of {ContextLength} tokens; expected 16 to 4096");
        if (Orders is < 1 or > 8) throw new ArgumentException($"{Orders} orders; expected 1 to 8");
        if (Contexts is < 16 or > 1 << 20 || (Contexts & (Contexts - 1)) != 0)
            throw new ArgumentException($"{Contexts} contexts per order; expected a power of two from 16 to {1 << 20}");
        if (MaxRows < 1) throw new ArgumentException($"{MaxRows} rows; expected at least 1");
    }
}
