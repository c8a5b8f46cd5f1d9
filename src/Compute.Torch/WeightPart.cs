namespace Atlas.Compute.Torch;

/// <summary>One checkpoint tensor's share in a stacked matrix.</summary>
/// <param name="Name">Hugging Face name without its <c>.weight</c> or <c>.bias</c>.</param>
/// <param name="Rows">Outputs it contributes.</param>
/// <param name="TurnedHeadDim">Width of the heads that its outputs are and that are turned by position (<see cref="HeadPairs"/>); 0 where they are not.</param>
internal readonly record struct WeightPart(string Name, int Rows, int TurnedHeadDim = 0);
