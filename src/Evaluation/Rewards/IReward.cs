using Atlas.Evaluation.Workloads;

namespace Atlas.Evaluation.Rewards;

/// <summary>
/// A reward that a program can check: how far a completion fulfils its task, from 0 to 1. It is 1 for right answers in the required format and
/// for nothing else. A pure function of its arguments; safe from any thread.
/// </summary>
public interface IReward
{
    /// <summary>Scores a completion.</summary>
    /// <param name="item">The task.</param>
    /// <param name="completion">The answer, up to but not including the end token; any text at all.</param>
    double Score(WorkloadItem item, string completion);
}
