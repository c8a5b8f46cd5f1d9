using System.Numerics;

namespace Atlas.Controller.Traffic;

/// <summary>
/// How many sequences are decoded together, in classes of 1, 2, 3 to 4, 5 to 8, 9 to 16, 17 to 32, and more. What a draft is worth depends on it:
/// rows are cheap where a forward reads weights, and dear where it computes. Estimates and verdicts of one class say little about another.
/// </summary>
internal static class BatchLoad
{
    /// <summary>Classes.</summary>
    public const int Count = 7;

    /// <summary>The class of a number of sequences, 0 to <see cref="Count"/> - 1.</summary>
    public static int Of(int sequences) => Math.Min(BitOperations.Log2((uint)Math.Max(2 * sequences - 1, 1)), Count - 1);
}
