namespace Atlas.Speculator.Adaptive.Tests.Suffix.Recorded;

/// <summary>What was asked and what was written, in tokens.</summary>
internal sealed record RecordedRequest(string Namespace, int[] Prompt, int[] Output);
