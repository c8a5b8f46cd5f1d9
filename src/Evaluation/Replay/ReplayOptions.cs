using Atlas.Controller;
using Atlas.Controller.Latency;
using Atlas.Modeling.Training;

namespace Atlas.Evaluation.Replay;

/// <summary>How a recorded trace is replayed.</summary>
public sealed record ReplayOptions
{
    /// <summary>What the target's forwards would take.</summary>
    public LatencyProfile Latency { get; init; } = LatencyTable.Parse(LatencyTable.Default);

    /// <summary>Draft tokens on a path where no controller decides, 1 to 16.</summary>
    public int Lookahead { get; init; } = 8;

    /// <summary>A path ends where the product of its confidences falls below this, where no controller decides.</summary>
    public float MinPathConfidence { get; init; } = 0.1f;

    /// <summary>Most draft nodes that the target verifies under the controller.</summary>
    public int VerifiedNodes { get; init; } = 16;

    /// <summary>What the controller may ask of the suffix speculator.</summary>
    public SpeculatorProfile Suffix { get; init; } = TextProfiles.Suffix;

    /// <summary>What the controller may ask of the learned speculator.</summary>
    public SpeculatorProfile Learned { get; init; } = TextProfiles.Learned;

    /// <summary>How the learned speculator learns: AdaGrad with large steps, as for heads that see tokens alone.</summary>
    public AdamWStep Step { get; init; } = Trainer.Online.OnlineTrainerOptions.TokensAlone.Step;

    /// <summary>Where real time is read.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
