using Atlas.Modeling.Training;

namespace Atlas.Speculator.Adaptive.Learned;

/// <summary>
/// One published state of a learned speculator: a head with its weights and hot vocabulary in place. Immutable once published; whoever
/// publishes it disposes of the head when <see cref="LearnedSlot.Holds"/> says that nobody drafts with it any more.
/// </summary>
/// <param name="Number">Rises with every publication of its namespace; travels in the stamp of its drafts.</param>
/// <param name="Head">Drafts. Used by the decoding thread alone from the moment it is published.</param>
public sealed record LearnedVersion(long Number, ITrainableHead Head);
