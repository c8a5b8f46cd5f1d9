namespace Atlas.Compute.Cpu.Tests.Kernels;

/// <summary>What a row attends to.</summary>
/// <param name="From">First logical position that it sees.</param>
/// <param name="Committed">Logical positions that lie in slots of the same number.</param>
/// <param name="Path">Slot of every logical position, ascending.</param>
internal sealed record AttentionView(int From, int Committed, int[] Path);
