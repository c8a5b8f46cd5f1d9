using Atlas.Core.Drafting;
using Atlas.Engine;
using Atlas.Evaluation.Comparison;
using Atlas.Evaluation.Replay;
using Atlas.Evaluation.Scenarios;
using Atlas.Evaluation.Tests.Comparison;
using Atlas.Evaluation.Traces;

namespace Atlas.Evaluation.Tests.Replay;

/// <summary>Small traces and scripted strategies for the tests of live replay.</summary>
internal static class LiveTraffic
{
    public static LiveTraceOptions Model { get; } = new("model", null, 200, 64, 20);

    public static LiveTrace Trace(params (string Domain, double Arrival)[] requests) => LiveTrace.Read(
        requests.Select(r => new TraceRequest { ArrivalSeconds = r.Arrival, Namespace = "n", Domain = r.Domain, Prompt = TraceText.Of([1, 2, 3]) }), "t.jsonl", Model);

    /// <summary>A strategy whose target says one text, and whose speculator drafts another.</summary>
    public static LiveStrategy Strategy(string name, int lookahead, Func<int, int>? text = null, ITurnWork? work = null)
    {
        var meter = new DraftMeter();
        var speculator = new TimedSpeculator(new ScriptedSpeculator(Text), 0, meter, TimeProvider.System);
        var decoder = new SpeculativeDecoder(new ScriptedTarget(text ?? Text), speculator, new FixedPlanner(DraftBudget.Chain(lookahead)), new CoupledVerifier());
        return new LiveStrategy(new Strategy(name, decoder, lookahead, work), meter, () => StrategyState.None);
    }

    public static int Text(int position) => position * 7 % 40;
}
