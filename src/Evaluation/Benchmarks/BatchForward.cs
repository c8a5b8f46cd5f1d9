namespace Atlas.Evaluation.Benchmarks;

/// <summary>What a forward over a batch took.</summary>
/// <param name="Sequences">Sequences of the batch.</param>
/// <param name="RowsEach">Rows of each; more than one is a verification.</param>
/// <param name="Phase">Time and work.</param>
public sealed record BatchForward(int Sequences, int RowsEach, PhaseResult Phase)
{
    /// <summary>Rows of the whole forward.</summary>
    public int Rows => Sequences * RowsEach;
}
