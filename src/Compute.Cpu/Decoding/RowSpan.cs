namespace Atlas.Compute.Cpu.Decoding;

/// <summary>Neighbouring rows of a plan.</summary>
/// <param name="First">The first.</param>
/// <param name="Count">How many.</param>
internal readonly record struct RowSpan(int First, int Count);
