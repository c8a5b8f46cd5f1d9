using Atlas.Controller.Latency;
using Atlas.Core.Decoding;
using Atlas.Core.Sampling;

namespace Atlas.Controller.Tests.Simulation;

/// <summary>A target that knows every request's text, and whose forwards take as long as a measured curve says, with some noise.</summary>
internal sealed class SimulatedTarget(Scenario scenario, SimulatedClock clock) : ITarget
{
    private readonly TargetLatency _curve = new(Curve);
    private int _forwards;

    /// <summary>Seconds by rows of a 206 M target on two cores.</summary>
    public static LatencyProfile Curve { get; } =
        LatencyProfile.Of((1, 1.6e-3), (2, 1.65e-3), (4, 1.9e-3), (5, 2.1e-3), (8, 2.8e-3), (16, 5e-3), (32, 9.6e-3), (64, 19e-3));

    public int MaxDraftNodes => 16;

    public int ContextLength => 100000;

    public bool CanVerify(DecodeSequence sequence) => true;

    public ForwardRows RowsOf(ReadOnlySpan<DecodeSequence> batch) => new(batch.Length, 128 - batch.Length, 128);

    public void Verify(ReadOnlySpan<DecodeSequence> batch)
    {
        int rows = batch.Length;
        foreach (var sequence in batch)
        {
            var request = scenario.Requests[(int)sequence.Id - 1];
            sequence.IsVerified = true;
            sequence.Verified[0] = Token(request, sequence.Length);
            for (int node = 0; node < sequence.Draft.Count; node++)
                sequence.Verified[node + 1] = Token(request, sequence.Length + sequence.Draft.Depths[node]);
            rows += sequence.Draft.Count;
        }
        double noise = CounterRandom.Uniform(99, _forwards++, 0);
        // One forward in two hundred stalls.
        clock.Advance(_curve.Seconds(rows, 0) * (_forwards % 200 == 0 ? 5 : 0.95 + 0.1 * noise));
    }

    public void Commit(DecodeSequence sequence, ReadOnlySpan<int> path) { }

    public void Release(DecodeSequence sequence) { }

    private static SampledToken Token(SimulatedRequest request, int position) => new(request.Token(position), -1f, 1f);
}
