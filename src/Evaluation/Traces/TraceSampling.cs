using Atlas.Core.Sampling;

namespace Atlas.Evaluation.Traces;

/// <summary>How the target is to sample for one request of a trace (<c>sampling</c>).</summary>
/// <param name="Options">
/// Temperature, filters, penalties, logit bias (finite) and seed. Token masks and constraints have no place in a trace.
/// </param>
/// <param name="MaxTokens">Most tokens to emit (<c>max_tokens</c>), one or more; null for no limit of the request's own.</param>
public sealed record TraceSampling(SamplingOptions Options, int? MaxTokens = null);
