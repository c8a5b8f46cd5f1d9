using Atlas.Modeling.Training;

namespace Atlas.Trainer.Online;

/// <summary>What an online trainer learns from, how much of the machine it takes for it, and when it publishes.</summary>
public sealed record OnlineTrainerOptions
{
    /// <summary>Most of the decoding loop's time that learning takes, 0 to 0.5.</summary>
    public double TrainingShare { get; init; } = 0.0075;

    /// <summary>
    /// The same where speculation does not pay, or what is taught adds nothing to it, or it does not gain what learning costs and the last candidate
    /// gained nothing either (<see cref="LearningPace"/>): enough to notice when that changes.
    /// </summary>
    public double LeastShare { get; init; } = 0.001;

    /// <summary>
    /// Most of the decoding loop's time that taking in what was verified takes, more than 0: beyond it whole sequences are passed over. 1 takes in all.
    /// </summary>
    public double IntakeShare { get; init; } = 0.005;

    /// <summary>Most of the time that learning takes while nothing is decoded, 0 to 1.</summary>
    public double IdleShare { get; init; } = 0.25;

    /// <summary>Most work that may be owed at once to a share not used up: bounds how long a slice can be.</summary>
    public TimeSpan MostCredit { get; init; } = TimeSpan.FromMilliseconds(0.35);

    /// <summary>Steps that wait for the trainer; where more come, the oldest of the namespace that has most of them waiting are dropped.</summary>
    public int ChannelCapacity { get; init; } = 256;

    /// <summary>Target probabilities kept per position.</summary>
    public int TopK { get; init; } = 8;

    /// <summary>Tokens fed one after the other in an example: how far ahead drafts are learned.</summary>
    public int WindowLength { get; init; } = 5;

    /// <summary>Newest examples kept to learn from, per namespace.</summary>
    public int RecentWindows { get; init; } = 2048;

    /// <summary>Examples of all the past kept to learn from, per namespace.</summary>
    public int ReservoirWindows { get; init; } = 1024;

    /// <summary>Part of what is learned that comes from the reservoir, 0 to 1.</summary>
    public double ReservoirShare { get; init; } = 0.25;

    /// <summary>Newest examples kept for the shadow test and never learned from, per namespace.</summary>
    public int HeldOutWindows { get; init; } = 192;

    /// <summary>One sequence in so many is held out; at least 2.</summary>
    public int HeldOutStride { get; init; } = 6;

    /// <summary>Examples that must have come before anything is learned, and held-out ones before anything is tested.</summary>
    public int LeastWindows { get; init; } = 64;

    /// <summary>Held-out examples that a shadow test needs.</summary>
    public int LeastHeldOut { get; init; } = 24;

    /// <summary>Examples per optimizer update.</summary>
    public int BatchWindows { get; init; } = 8;

    /// <summary>Times that an example is learned from, on average: what the trainer spends on traffic that brings nothing new is bounded.</summary>
    public double PassesPerWindow { get; init; } = 6;

    /// <summary>Updates between two shadow tests.</summary>
    public int UpdatesPerCandidate { get; init; } = 24;

    /// <summary>The update rule.</summary>
    public AdamWStep Step { get; init; } = new(1e-3f, WeightDecay: 0.01f);

    /// <summary>A candidate is published when its acceptance length in shadow exceeds the published one's by this.</summary>
    public double PublishMargin { get; init; } = 0.01;

    /// <summary>Candidates in a row that may fail before learning pauses.</summary>
    public int Patience { get; init; } = 3;

    /// <summary>New examples that end the first pause; every further one is twice as long.</summary>
    public int FirstPause { get; init; } = 256;

    /// <summary>New examples that end the longest pause.</summary>
    public int LongestPause { get; init; } = 8192;

    /// <summary>Drafts of a version that its live record needs before it can be rolled back.</summary>
    public int LeastLiveDrafts { get; init; } = 300;

    /// <summary>Emitted tokens after which a token's count for the hot vocabulary has lost half its weight.</summary>
    public double HotHalfLife { get; init; } = 20_000;

    /// <summary>
    /// Memory of all namespaces together: as many of them learn at once as it has room for, at least one. Another takes a place only as
    /// <see cref="IdleTime"/> and <see cref="AdmissionWindow"/> allow; until then it drafts with the base, and its traffic is dropped.
    /// </summary>
    public long MemoryLimit { get; init; } = 512L << 20;

    /// <summary>Where there is no room for all, a namespace without traffic for this long loses its place to one that has some.</summary>
    public TimeSpan IdleTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Where there is no room for all, tokens of all namespaces after which older traffic counts half, and for which a namespace that is not idle
    /// has its place at least: then one that has brought more than twice as much of late gets it.
    /// </summary>
    public int AdmissionWindow { get; init; } = 16_384;

    /// <summary>Tells how much time has passed; what time of day it is, nobody asks.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Where checkpoints go; null keeps none.</summary>
    public string? CheckpointDirectory { get; init; }

    /// <summary>Least time between two checkpoints of a namespace.</summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Checkpoints kept per namespace.</summary>
    public int CheckpointsKept { get; init; } = 3;

    /// <summary>Chooses initial weights and what is replayed.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>
    /// Options for heads that see tokens alone: they learn from a few examples, so candidates come sooner, and AdaGrad takes larger steps.
    /// </summary>
    public static OnlineTrainerOptions TokensAlone { get; } = new()
    {
        TrainingShare = 0.004,
        Step = new AdamWStep(0.5f, WeightDecay: 0, ClipNorm: 0),
        LeastWindows = 16,
        BatchWindows = 16,
        PassesPerWindow = 0.75,
        UpdatesPerCandidate = 8,
        HeldOutStride = 4,
    };

    /// <summary>Throws when a value is out of range.</summary>
    /// <exception cref="ArgumentException">One is; the message says which, and what was expected.</exception>
    public void Validate()
    {
        Check(TrainingShare is >= 0 and <= 0.5, nameof(TrainingShare), TrainingShare, "0 to 0.5");
        Check(LeastShare is >= 0 and <= 0.5, nameof(LeastShare), LeastShare, "0 to 0.5");
        Check(IntakeShare is > 0 and <= 1, nameof(IntakeShare), IntakeShare, "more than 0, to 1");
        Check(IdleShare is >= 0 and <= 1, nameof(IdleShare), IdleShare, "0 to 1");
        Check(MostCredit > TimeSpan.Zero, nameof(MostCredit), MostCredit, "more than none");
        Check(ChannelCapacity >= 1, nameof(ChannelCapacity), ChannelCapacity, "at least 1");
        Check(TopK is >= 1 and <= Core.Sampling.CoupledSampler.MaxRanked, nameof(TopK), TopK, $"1 to {Core.Sampling.CoupledSampler.MaxRanked}");
        Check(WindowLength is >= 1 and <= 64, nameof(WindowLength), WindowLength, "1 to 64");
        Check(RecentWindows >= BatchWindows, nameof(RecentWindows), RecentWindows, $"at least {BatchWindows}");
        Check(ReservoirWindows >= 0, nameof(ReservoirWindows), ReservoirWindows, "at least 0");
        Check(ReservoirShare is >= 0 and <= 1, nameof(ReservoirShare), ReservoirShare, "0 to 1");
        Check(HeldOutWindows >= LeastHeldOut && LeastHeldOut >= 1, nameof(HeldOutWindows), HeldOutWindows, $"at least {LeastHeldOut}, and that 1");
        Check(HeldOutStride >= 2, nameof(HeldOutStride), HeldOutStride, "at least 2");
        Check(BatchWindows >= 1, nameof(BatchWindows), BatchWindows, "at least 1");
        Check(PassesPerWindow > 0, nameof(PassesPerWindow), PassesPerWindow, "more than 0");
        Check(UpdatesPerCandidate >= 1, nameof(UpdatesPerCandidate), UpdatesPerCandidate, "at least 1");
        Check(Patience >= 1, nameof(Patience), Patience, "at least 1");
        Check(FirstPause >= 1 && LongestPause >= FirstPause, nameof(LongestPause), LongestPause, $"at least {FirstPause}, and that 1");
        Check(LeastLiveDrafts >= 1, nameof(LeastLiveDrafts), LeastLiveDrafts, "at least 1");
        Check(IdleTime > TimeSpan.Zero, nameof(IdleTime), IdleTime, "more than none");
        Check(AdmissionWindow >= 1, nameof(AdmissionWindow), AdmissionWindow, "at least 1");
        Check(CheckpointsKept >= 1, nameof(CheckpointsKept), CheckpointsKept, "at least 1");
    }

    private static void Check(bool holds, string name, object value, string expected)
    {
        if (!holds) throw new ArgumentException($"{name} is {value}; expected {expected}");
    }
}
