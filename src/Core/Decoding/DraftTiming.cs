namespace Atlas.Core.Decoding;

/// <summary>How long a speculator took to draft for a batch.</summary>
/// <param name="Speculator">Its index in the merged draft.</param>
/// <param name="Sequences">Sequences it drafted for.</param>
/// <param name="Levels">Depth of the deepest draft.</param>
/// <param name="Tokens">Draft tokens in all.</param>
/// <param name="Seconds">What it took.</param>
public readonly record struct DraftTiming(int Speculator, int Sequences, int Levels, int Tokens, double Seconds);
