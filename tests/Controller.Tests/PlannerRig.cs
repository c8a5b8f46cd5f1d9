using Atlas.Controller.Latency;
using Atlas.Controller.Tests.Simulation;
using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Core.Sampling;

namespace Atlas.Controller.Tests;

/// <summary>Steps of a planner without target or speculators: drafts are put in by hand and the emitted tokens are said.</summary>
internal sealed class PlannerRig
{
    private readonly ScriptedRows _target = new();

    public PlannerRig(ControllerOptions options) => Planner = new AdaptivePlanner(_target, options);

    public AdaptivePlanner Planner { get; }

    public static ControllerOptions Options(int speculators) => new()
    {
        Speculators = [.. Enumerable.Range(0, speculators).Select(i => new SpeculatorProfile("s" + i) { Cost = new DraftCost(2e-6, 0, 0) })],
        Latency = SimulatedTarget.Curve,
        Clock = new SimulatedClock(),
    };

    public static DecodeSequence Sequence(long id, string name = "default", RequestClass requestClass = RequestClass.Interactive) =>
        new(id, [1], SamplingOptions.Greedy, new StopRules(100_000, []), 24) { Namespace = name, Class = requestClass };

    /// <summary>One step: everyone invoked drafts chains of three, of which the first <paramref name="right"/> tokens are emitted.</summary>
    public void Step(DecodeSequence[] batch, int right)
    {
        Planner.Plan(batch);
        foreach (var sequence in batch) Draft(sequence, right);
        Planner.Select(batch);
        foreach (var sequence in batch) Settle(sequence, right);
    }

    private static void Draft(DecodeSequence sequence, int right)
    {
        var draft = sequence.Draft;
        draft.Clear();
        int parent = DraftTree.Root;
        bool invoked = false;
        for (int i = 0; i < 3 && sequence.Shares is not null; i++) invoked |= sequence.Shares[i].Depth > 0;
        if (!invoked) return;
        for (int d = 0; d < 3; d++) parent = draft.Add(d < right ? 10 + d : 90 + d, parent, d < right ? 0.9f : 0.2f);
    }

    private void Settle(DecodeSequence sequence, int right)
    {
        Span<int> path = stackalloc int[3];
        int accepted = Math.Min(right, sequence.Draft.Count);
        for (int i = 0; i < accepted; i++) path[i] = i;
        for (int i = 0; i < accepted; i++) sequence.Emit(new SampledToken(10 + i, 0, 0));
        sequence.Emit(new SampledToken(accepted < right ? 10 + accepted : 50, 0, 0));
        Planner.OnVerified(sequence, path[..accepted], accepted + 1);
    }
}
