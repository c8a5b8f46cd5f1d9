namespace Atlas.Speculator.Adaptive.Suffix;

/// <summary>How far a lookup goes.</summary>
/// <param name="Matches">Most occurrences taken from the store.</param>
/// <param name="Steps">Most links followed on one chain.</param>
/// <param name="Enough">Chains of shorter contexts are left alone once there are this many occurrences.</param>
/// <param name="ForeignOnly">Leave out occurrences in the text that is looked up.</param>
public readonly record struct MatchLimits(int Matches, int Steps, int Enough, bool ForeignOnly);
