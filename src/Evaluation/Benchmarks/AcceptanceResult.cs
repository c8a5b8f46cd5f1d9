namespace Atlas.Evaluation.Benchmarks;

/// <summary>How weight formats and speculation compound, with drafts of a given quality.</summary>
/// <param name="Acceptance">Probability that a draft token whose parent is right is right too.</param>
/// <param name="BF16Plain">Tokens per second of plain decoding in bf16.</param>
/// <param name="Int8Plain">The same in int8.</param>
/// <param name="Int8Speculative">Tokens per second of speculative decoding in int8.</param>
/// <param name="AcceptanceLength">Tokens per target forward of the last.</param>
/// <param name="AcceptanceRate">Accepted over verified draft tokens of the last.</param>
/// <param name="Identical">Whether both int8 runs emitted the same tokens.</param>
public sealed record AcceptanceResult(
    double Acceptance, double BF16Plain, double Int8Plain, double Int8Speculative, double AcceptanceLength, double AcceptanceRate, bool Identical);
