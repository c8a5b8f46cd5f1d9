using Atlas.Modeling.Engine;

namespace Atlas.Evaluation.Benchmarks;

/// <summary>Rates of one product of training, by round.</summary>
/// <param name="Name">Which of the three: <c>forward</c>, <c>dW</c> or <c>dX</c>.</param>
/// <param name="Work">Its operands read once and its operations.</param>
/// <param name="Gigaflops">By round.</param>
public sealed record ProductResult(string Name, PhaseWork Work, RoundSeries Gigaflops)
{
    /// <summary>Rate over the multiply-add peak, each round by its own.</summary>
    public RoundSeries FractionOfPeak(LimitSeries limits) => Gigaflops.Over(limits.MultiplyAddGigaflops);

    /// <summary>The three products of a layer of the given size in f32.</summary>
    internal static IReadOnlyList<ProductResult> Of((int Rows, int Inputs, int Outputs) size, IReadOnlyList<ProductRates> rounds)
    {
        double x = (double)size.Rows * size.Inputs, y = (double)size.Rows * size.Outputs, weight = (double)size.Inputs * size.Outputs;
        double operations = 2 * x * size.Outputs;
        return
        [
            new("forward", new PhaseWork(sizeof(float) * (x + weight), operations), new RoundSeries(rounds.Select(r => r.Forward))),
            // The gradient is added to, so it is read as well.
            new("dW", new PhaseWork(sizeof(float) * (x + y + weight), operations), new RoundSeries(rounds.Select(r => r.WeightGradient))),
            new("dX", new PhaseWork(sizeof(float) * (y + weight), operations), new RoundSeries(rounds.Select(r => r.InputGradient))),
        ];
    }
}
