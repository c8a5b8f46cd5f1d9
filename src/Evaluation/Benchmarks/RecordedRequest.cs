namespace Atlas.Evaluation.Benchmarks;

/// <summary>A request of a recorded stream.</summary>
/// <param name="Domain">What it is counted under.</param>
/// <param name="Prompt">Its prompt's tokens, at least one.</param>
/// <param name="Output">What was written after it.</param>
public sealed record RecordedRequest(string Domain, int[] Prompt, int[] Output);
