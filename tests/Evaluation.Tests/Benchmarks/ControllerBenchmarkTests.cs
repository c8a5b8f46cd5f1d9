using Atlas.Evaluation.Benchmarks;

namespace Atlas.Evaluation.Tests.Benchmarks;

public sealed class ControllerBenchmarkTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void A_decision_is_timed_over_real_drafts_and_allocates_nothing(int batch)
    {
        var result = new ControllerBenchmark(batch, steps: 100).Measure(rounds: 3);
        Assert.True(double.IsFinite(result.MicrosecondsPerDecision) && result.MicrosecondsPerDecision > 0);
        Assert.Equal(0, result.AllocatedBytesPerDecision);
        Assert.InRange(result.NodesPerDecision, 2, 20);
    }
}
