using Atlas.Controller.Guard;
using Atlas.Controller.Latency;
using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Engine;

namespace Atlas.Controller.Tests.Simulation;

/// <summary>One scenario decoded under one policy, in simulated time, by the real step.</summary>
internal sealed class SimulatedRun
{
    /// <summary>The speculator that a trainer would teach.</summary>
    public const string Taught = "learned";

    private readonly Scenario _scenario;
    private readonly SimulatedClock _clock = new();
    private readonly ISpeculator[] _speculators;

    private readonly SimulatedTrainer? _trainer;

    private SimulatedRun(Scenario scenario, SimulatedTrainer? trainer = null)
    {
        _scenario = scenario;
        _trainer = trainer;
        RequestSeconds = new double[scenario.Requests.Length];
        _speculators =
        [
            new SimulatedSpeculator("static", 0, (20e-6, 0.25e-3), scenario, _clock) { PerRead = scenario.PerRead },
            new SimulatedSpeculator("suffix", 1, (3e-6, 0), scenario, _clock) { Copies = true },
            new SimulatedSpeculator(Taught, 2, (10e-6, 0.06e-3), scenario, _clock),
        ];
    }

    /// <summary>Simulated seconds of the whole scenario.</summary>
    public double Seconds => _clock.Seconds;

    /// <summary>Seconds of each request; of those decoded together, the seconds of all over their number.</summary>
    public double[] RequestSeconds { get; }

    /// <summary>Seconds that the static speculator spent on reading prompts.</summary>
    public double ReadSeconds => ((SimulatedSpeculator)_speculators[0]).ReadSeconds;

    public AdaptivePlanner? Planner { get; private set; }

    /// <summary>The same speculators, that many tokens ahead, in every step.</summary>
    /// <param name="scenario">What is decoded.</param>
    /// <param name="speculators">Bit mask; none is plain decoding.</param>
    /// <param name="lookahead">Length of the chains.</param>
    public static SimulatedRun Fixed(Scenario scenario, int speculators, int lookahead)
    {
        var run = new SimulatedRun(scenario);
        var chosen = run._speculators.Where((_, i) => (speculators >> i & 1) != 0).ToArray();
        ISpeculator speculator = chosen.Length == 0 ? new NoSpeculator() : new MergedSpeculator(chosen);
        var budget = chosen.Length == 0 ? DraftBudget.None : new DraftBudget(lookahead, lookahead * chosen.Length, 1);
        run.Decode(new SpeculativeDecoder(
            new SimulatedTarget(scenario, run._clock), speculator, new FixedPlanner(budget), new CoupledVerifier()));
        return run;
    }

    /// <summary>The controller decides.</summary>
    /// <param name="scenario">What is decoded.</param>
    /// <param name="change">Changes its options.</param>
    /// <param name="trainer">Takes time between the steps; null for nobody.</param>
    public static SimulatedRun Adaptive(
        Scenario scenario, Func<ControllerOptions, ControllerOptions>? change = null, SimulatedTrainer? trainer = null)
    {
        var run = new SimulatedRun(scenario, trainer);
        var target = new SimulatedTarget(scenario, run._clock);
        var options = new ControllerOptions
        {
            Speculators =
            [
                new("static") { Cost = new DraftCost(0, 0.25e-3, 0) { PerRead = scenario.PerRead }, ReadsText = true },
                new("suffix") { Cost = new DraftCost(3e-6, 0, 0), MaxDepth = 12, MaxNodes = 12 },
                new(Taught) { Cost = new DraftCost(0, 0.06e-3, 0) },
            ],
            Latency = SimulatedTarget.Curve,
            Clock = run._clock,
        };
        var planner = run.Planner = new AdaptivePlanner(target, change?.Invoke(options) ?? options);
        var timed = run._speculators.Select((s, i) => new TimedSpeculator(s, i, planner, run._clock)).ToArray();
        run.Decode(new SpeculativeDecoder(
            new TimedTarget(target, planner, run._clock), new MergedSpeculator(timed), planner, new CoupledVerifier(), planner));
        return run;
    }

    private void Decode(SpeculativeDecoder decoder)
    {
        var requests = _scenario.Requests;
        for (int first = 0, next; first < requests.Length; first = next)
        {
            double start = Seconds;
            next = Math.Min(requests.Length, first + _scenario.Batch(first));
            var batch = requests[first..next].Select(r => r.Open()).ToArray();
            var active = batch;
            while (active.Length > 0)
            {
                decoder.Step(active);
                _trainer?.Turn(_clock, Planner!);
                active = [.. active.Where(s => s.Finish is null)];
            }
            foreach (var sequence in batch) decoder.Release(sequence);
            for (int i = first; i < next; i++)
            {
                RequestSeconds[i] = (Seconds - start) / (next - first);
                for (int t = 0; t < requests[i].Tokens; t++)
                    if (batch[i - first].Output[t] != requests[i].Token(requests[i].Prompt + t))
                        throw new InvalidOperationException($"request {i} emitted another token at {t}");
            }
        }
    }
}
