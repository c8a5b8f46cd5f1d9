namespace Atlas.Compute.Torch;

/// <summary>One checkpoint tensor's share in a stacked matrix.</summary>
/// <param name="Name">Hugging Face name without its <c>.weight</c> or <c>.bias</c>.</param>
/// <param name="Rows">Outputs it contributes.</param>
internal readonly record struct WeightPart(string Name, int Rows);
