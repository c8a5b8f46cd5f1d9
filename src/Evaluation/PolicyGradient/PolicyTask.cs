using Atlas.Evaluation.Workloads;

namespace Atlas.Evaluation.PolicyGradient;

/// <summary>A task whose answers are rewarded.</summary>
/// <param name="Item">The task.</param>
/// <param name="Prompt">Its prompt.</param>
public sealed record PolicyTask(WorkloadItem Item, int[] Prompt);
