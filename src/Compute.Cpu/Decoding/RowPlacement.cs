namespace Atlas.Compute.Cpu.Decoding;

/// <summary>Where one planned row stands.</summary>
/// <param name="Token">Its token.</param>
/// <param name="Slot">Cache slot of its sequence.</param>
/// <param name="Committed">Committed rows of its sequence.</param>
/// <param name="Pending">Its index among the pending rows; its cache row is committed + pending.</param>
/// <param name="Position">Its absolute position.</param>
/// <param name="PathOffset">Where the cache rows of its pending ancestors, itself included, begin in the path buffer.</param>
/// <param name="PathLength">How many they are.</param>
/// <param name="Dense">Positions from 0 on whose cache row has their number: the committed ones and the chain behind them.</param>
internal readonly record struct RowPlacement(
    int Token, int Slot, int Committed, int Pending, int Position, int PathOffset, int PathLength, int Dense);
