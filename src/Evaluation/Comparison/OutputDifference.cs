namespace Atlas.Evaluation.Comparison;

/// <summary>A request whose output differed from plain decoding's.</summary>
/// <param name="Request">Its index.</param>
/// <param name="Domain">Its domain.</param>
/// <param name="Strategy">The strategy that differed.</param>
/// <param name="Position">First output position that differs.</param>
public sealed record OutputDifference(int Request, string Domain, string Strategy, int Position);
