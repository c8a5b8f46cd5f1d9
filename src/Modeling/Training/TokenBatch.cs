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
    /// <summary>Number of positions.</summary>
    public int Positions => Tokens.Length;
}
