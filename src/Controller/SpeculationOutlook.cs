using Atlas.Controller.Guard;
using Atlas.Controller.Traffic;

namespace Atlas.Controller;

/// <summary>What the last step's batch says of speculation; what learns between two steps asks before it does.</summary>
/// <param name="Speculates">Whether the guard lets any sequence speculate.</param>
/// <param name="AffordsLearning">
/// Whether what speculation gains pays, for any sequence, for learning at its full share; true without a guard.
/// </param>
/// <param name="Contributors">Bit mask of the speculators that pay beside the others for any sequence.</param>
public readonly record struct SpeculationOutlook(bool Speculates, bool AffordsLearning, int Contributors)
{
    /// <summary>Before the first step, and without sequences: all is hoped for.</summary>
    public static SpeculationOutlook Open { get; } = new(true, true, ~0);

    /// <summary>Of no sequence yet.</summary>
    internal static SpeculationOutlook None { get; } = new(false, false, 0);

    /// <summary>Of one more sequence.</summary>
    internal SpeculationOutlook With(LoadState state) => new(
        Speculates || state.Guard.State != GuardState.Closed, AffordsLearning || state.Guard.AffordsLearning, Contributors | ~state.Worth.Redundant);
}
