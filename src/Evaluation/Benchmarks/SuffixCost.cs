namespace Atlas.Evaluation.Benchmarks;

/// <summary>What the suffix speculator costs, on one thread. Times in microseconds.</summary>
/// <param name="StoredTokens">Tokens in the namespace's store when drafting was measured.</param>
/// <param name="Calls">Drafts that were measured.</param>
/// <param name="MicrosecondsPerCall">
/// Median time to draft for one sequence: the tokens emitted since are appended to both indexes, then looked up, then the draft is filled.
/// </param>
/// <param name="MicrosecondsP99">The 99th percentile of the same.</param>
/// <param name="MicrosecondsPerToken">Time of all calls over all tokens they drafted.</param>
/// <param name="MicrosecondsPerAppend">Mean time to append a token to the namespace's store, while it was filled.</param>
/// <param name="BytesPerToken">Memory of the namespace's store over the tokens it holds.</param>
/// <param name="AcceptanceLength">Tokens emitted per call when a draft's tokens count as accepted where the recorded text has them.</param>
public sealed record SuffixCost(
    long StoredTokens,
    int Calls,
    double MicrosecondsPerCall,
    double MicrosecondsP99,
    double MicrosecondsPerToken,
    double MicrosecondsPerAppend,
    double BytesPerToken,
    double AcceptanceLength);
