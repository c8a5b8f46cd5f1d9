namespace Atlas.Modeling.Training;

/// <summary>
/// Sequences to train on, each of its own length, one behind the other. Position i predicts <see cref="Targets"/>[i] from the tokens of its
/// sequence up to and including i.
/// </summary>
/// <param name="Lengths">Tokens of each sequence, at most the model's context.</param>
/// <param name="Tokens">All sequences' input tokens, concatenated.</param>
/// <param name="Targets">The token each position is to predict; -1 where none is.</param>
public sealed record TokenBatch(int[] Lengths, int[] Tokens, int[] Targets)
{
    /// <summary>
    /// For each sequence whether it goes on from the end of the last one before it that does not, instead of beginning anew: what several
    /// sequences begin with is computed once. Empty where all begin anew.
    /// </summary>
    public bool[] Continues { get; init; } = [];

    /// <summary>Whether a sequence goes on from another instead of beginning anew.</summary>
    public bool IsContinuation(int sequence) => Continues.Length > 0 && Continues[sequence];

    /// <summary>Number of positions.</summary>
    public int Positions => Tokens.Length;
}
