namespace Atlas.Core.Sampling;

/// <summary>A sequence's sampling options together with the token counts its penalties read. Owned by one sequence.</summary>
public sealed class SamplingState
{
    /// <summary>State for a sequence with that prompt and room for <paramref name="maxTokens"/> more tokens.</summary>
    public SamplingState(SamplingOptions options, ReadOnlySpan<int> prompt, int maxTokens)
    {
        Options = options;
        if (!options.HasPenalties) return;
        Counts.Reserve(prompt.Length + maxTokens);
        foreach (int token in prompt) Counts.AddPrompt(token);
    }

    /// <summary>How tokens are drawn.</summary>
    public SamplingOptions Options { get; }

    /// <summary>Counts of the tokens emitted so far; empty when no penalty is on.</summary>
    public TokenCounts Counts { get; } = new();

    /// <summary>Takes note of an emitted token.</summary>
    public void Emit(int token)
    {
        if (Options.HasPenalties) Counts.AddOutput(token);
    }
}
