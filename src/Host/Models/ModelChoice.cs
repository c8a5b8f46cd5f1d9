using Atlas.Modeling;

namespace Atlas.Host.Models;

/// <summary>Which checkpoints run, and how their weights are kept.</summary>
/// <param name="Target">Directory of the target.</param>
/// <param name="Draft">Directory of the static draft model; null for none.</param>
/// <param name="Format">How matrices are kept.</param>
internal sealed record ModelChoice(string Target, string? Draft, WeightFormat Format);
