using Atlas.Controller;
using Atlas.Controller.Latency;
using Atlas.Core.Drafting;
using Atlas.Core.Sampling;
using Atlas.Engine;
using Atlas.Evaluation.Comparison;
using Atlas.Modeling;
using Atlas.Modeling.Engine;
using Atlas.Target;

namespace Atlas.Evaluation.Benchmarks;

/// <summary>
/// Shows how the layers compound on a model that no cache holds: plain decoding in bf16, plain decoding in int8, and speculative decoding in
/// int8 under the controller, with drafts that are right with a given probability and cost nothing. Random weights; all three take turns,
/// request by request.
/// </summary>
/// <param name="engine">Where it runs.</param>
/// <param name="shape">Shape of the model; its context is the prompts' length.</param>
/// <param name="acceptance">Probability that a draft token is right, 0 to 1.</param>
public sealed class AcceptanceBenchmark(IComputeEngine engine, BenchmarkShape shape, double acceptance)
{
    private const int MaxDepth = 15;
    private const int MeasuredRows = 16;

    /// <summary>Measures.</summary>
    /// <param name="requests">Requests that each of the three decodes, 1 or more.</param>
    /// <param name="tokens">Tokens emitted per request, 2 or more.</param>
    /// <param name="done">Called after each request with the number of requests done.</param>
    /// <exception cref="NotSupportedException">The engine lacks one of the formats.</exception>
    public AcceptanceResult Run(int requests, int tokens, Action<int>? done = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(requests, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(tokens, 2);
        using var bf16 = Load(WeightFormat.BF16, tokens);
        using var int8 = Load(WeightFormat.Int8, tokens);
        var oracle = new OracleSpeculator(acceptance, shape.Vocabulary);
        var wide = new StrategyComparison([Plain("bf16", bf16)], []);
        var narrow = new StrategyComparison([Plain("plain", int8), Speculative(int8, oracle)], []);
        var truth = new StrategyComparison([Plain("truth", int8)], []);
        for (int i = 0; i < requests; i++)
        {
            var request = Request(i, tokens);
            oracle.Truth = truth.Decode(request, i)[0].Tokens;
            if (i % 2 == 0) wide.Decode(request, i);
            narrow.Decode(request, i);
            if (i % 2 == 1) wide.Decode(request, i);
            done?.Invoke(i + 1);
        }
        var speculative = narrow.Total("speculative");
        return new AcceptanceResult(
            acceptance, wide.Total("bf16").Goodput, narrow.Total("plain").Goodput, speculative.Goodput, speculative.Statistics.AcceptanceLength,
            speculative.Statistics.AcceptanceRate, narrow.Differences.Count == 0);
    }

    private IDecoder Load(WeightFormat format, int tokens)
    {
        var config = shape.ToConfig();
        int context = Math.Min(config.ContextLength, shape.Context + tokens);
        return engine.LoadDecoder(config, new RandomWeights(config, 1), new DecoderOptions { Format = format, MaxSequences = 2, ContextLength = context });
    }

    private EvaluationRequest Request(int index, int tokens)
    {
        int[] prompt = [.. Enumerable.Range(0, shape.Context).Select(i => (i * 37 + index * 101 + 11) % shape.Vocabulary)];
        return new EvaluationRequest("random", prompt, new SamplingOptions { Temperature = 1, Seed = (ulong)index }, tokens);
    }

    private static Strategy Plain(string name, IDecoder decoder) => new(
        name, new SpeculativeDecoder(new TargetModel(decoder, 0), new NoSpeculator(), new FixedPlanner(DraftBudget.None), new CoupledVerifier()), 0);

    private static Strategy Speculative(IDecoder decoder, OracleSpeculator oracle)
    {
        var target = new TargetModel(decoder, MaxDepth);
        using var probe = new TargetProbe(decoder, MeasuredRows);
        var planner = new AdaptivePlanner(target, new ControllerOptions
        {
            Speculators = [new(oracle.Name) { MaxDepth = MaxDepth, MaxNodes = MaxDepth, Cost = new DraftCost(1e-6, 0, 0) }],
            Latency = LatencyProfile.Measure(probe),
        });
        var step = new SpeculativeDecoder(
            new TimedTarget(target, planner, TimeProvider.System), new TimedSpeculator(oracle, 0, planner, TimeProvider.System), planner,
            new CoupledVerifier(), planner);
        return new Strategy("speculative", step, MaxDepth);
    }
}
