namespace Atlas.Host.Demo;

/// <summary>What the learned speculator brings on domains that the draft model has not seen and whose text is not copied from the prompt.</summary>
/// <param name="Domains">Which ones.</param>
/// <param name="WithoutOverWith">Goodput of atlas without it over that with it.</param>
/// <param name="AcceptanceRateGain">
/// Its acceptance rate with a fixed lookahead behind 200 requests over that of the first 20 in which it drafted; NaN where there were fewer.
/// </param>
internal sealed record LearnedAblationResult(IReadOnlyList<string> Domains, double WithoutOverWith, double AcceptanceRateGain);
