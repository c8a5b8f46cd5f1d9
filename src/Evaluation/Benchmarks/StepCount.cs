namespace Atlas.Evaluation.Benchmarks;

/// <summary>Steps, and the tokens they emitted.</summary>
internal readonly record struct StepCount(long Steps, long Emitted)
{
    /// <summary>Tokens per step; 0 where there were none.</summary>
    public double AcceptanceLength => Steps == 0 ? 0 : (double)Emitted / Steps;

    /// <summary>These and a step more.</summary>
    public StepCount With(int emitted) => new(Steps + 1, Emitted + emitted);

    /// <summary>All of several counts.</summary>
    public static StepCount Sum(ReadOnlySpan<StepCount> parts)
    {
        var sum = default(StepCount);
        foreach (var part in parts) sum = new StepCount(sum.Steps + part.Steps, sum.Emitted + part.Emitted);
        return sum;
    }
}
