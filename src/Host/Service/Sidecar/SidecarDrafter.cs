using System.Runtime.InteropServices;
using Atlas.Controller;
using Atlas.Controller.Metrics;
using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Engine;
using Atlas.Host.Speculation;

namespace Atlas.Host.Service.Sidecar;

/// <summary>
/// The controller over a sidecar's speculators: whom to ask for each session of a call, how far, and which nodes are worth another server's
/// rows. A draft that was made ahead takes part as if its speculators had just been asked. Used under the engine's lock.
/// </summary>
internal sealed class SidecarDrafter
{
    private readonly SidecarSettings _settings;
    private readonly MergedSpeculator _speculators;
    private readonly AdaptivePlanner _planner;
    private readonly TreePruning _pruning = new();
    private readonly List<DecodeSequence> _batch = [];
    private readonly List<DecodeSequence> _proposing = [];
    private readonly int _cheap;
    private readonly int _ahead;

    /// <summary>A drafter that has seen nothing.</summary>
    /// <param name="settings">What it drafts for.</param>
    /// <param name="speculators">Who drafts; each has its profile's name.</param>
    /// <param name="profiles">What may be asked of each, in the same order.</param>
    /// <param name="faults">Hears of failures of speculators, whose drafts are then missing.</param>
    public SidecarDrafter(SidecarSettings settings, IReadOnlyList<ISpeculator> speculators, IReadOnlyList<SpeculatorProfile> profiles, Action<Exception> faults)
    {
        _settings = settings;
        var bounds = new DraftBudget(settings.MostNodes, settings.MostNodes, settings.Branches);
        _planner = new AdaptivePlanner(
            new RemoteTarget(settings.MostNodes, settings.MaxTokens),
            new ControllerOptions
            {
                Speculators = [.. profiles.Select(profile => Within(profile, bounds))],
                Latency = settings.Latency,
            });
        _speculators = new MergedSpeculator([.. speculators.Select((one, index) =>
            new TimedSpeculator(new ShieldedSpeculator(one, faults), index, _planner, TimeProvider.System))]);
        for (int i = 0; i < speculators.Count; i++)
        {
            if (speculators[i].Name != StrategyNames.Static) _cheap |= 1 << i;
            // What a head drafts from its own states is worth little beside what it drafts from the target's next one.
            if (speculators[i].Name != StrategyNames.Learned || settings.StateHeads is null) _ahead |= 1 << i;
        }
    }

    /// <summary>Names of those who draft, by index.</summary>
    public IEnumerable<string> Names => _speculators.Speculators.Select(speculator => speculator.Name);

    /// <summary>The controller.</summary>
    public AdaptivePlanner Planner => _planner;

    /// <summary>What the controller counted.</summary>
    public ControllerMetrics Metrics => _planner.Metrics;

    /// <summary>
    /// Drafts for sessions, within each one's <see cref="SidecarSession.LastBudget"/>; <see cref="SidecarSession.Answered"/> holds the drafts then.
    /// Those that are ready bring what was drafted ahead in it; they stay ready unless somebody is now to be asked who was not asked then.
    /// </summary>
    public void Draft(List<SidecarSession> sessions)
    {
        _batch.Clear();
        _proposing.Clear();
        foreach (var session in sessions)
        {
            if (!session.WasDrafted) Begin(session);
            session.Sequence!.Draft.Clear();
            _batch.Add(session.Sequence);
        }
        _planner.Plan(CollectionsMarshal.AsSpan(_batch));
        foreach (var session in sessions) Fill(session);
        if (_proposing.Count > 0) _speculators.Propose(CollectionsMarshal.AsSpan(_proposing));
        _planner.Select(CollectionsMarshal.AsSpan(_batch));
        foreach (var session in sessions)
        {
            var draft = session.Sequence!.Draft;
            _pruning.KeepBest(draft, session.LastBudget);
            session.Answered.CopyFrom(draft);
        }
    }

    /// <summary>
    /// Drafts further than was asked, by those whom the controller asked last and those who cost next to nothing, into
    /// <see cref="SidecarSession.Ahead"/>; a head on hidden states waits for the next state. The session's draft stays what was answered.
    /// </summary>
    public void DraftAhead(SidecarSession session)
    {
        var sequence = session.Sequence!;
        int most = _settings.DraftCapacity, depth = Math.Min((2 * session.LastBudget) + 1, most);
        session.AheadBy = (session.Invoked | _cheap) & _ahead & AllowedTo(session);
        if (session.AheadBy == 0) return;
        for (int i = 0; i < _speculators.Speculators.Count; i++)
            session.AheadShares[i] = (session.AheadBy >> i & 1) != 0 ? new DraftBudget(depth, most, _settings.Branches) : DraftBudget.None;
        sequence.Shares = session.AheadShares;
        sequence.Draft.Clear();
        _proposing.Clear();
        _proposing.Add(sequence);
        _speculators.Propose(CollectionsMarshal.AsSpan(_proposing));
        session.Ahead.CopyFrom(sequence.Draft);
        // What was answered is what will be judged.
        sequence.Draft.CopyFrom(session.Answered);
    }

    /// <summary>The other server has verified; without this the controller believes its latency model.</summary>
    /// <param name="rows">Rows of its forward.</param>
    /// <param name="context">Mean length of its sequences.</param>
    /// <param name="seconds">What it took.</param>
    public void OnForward(int rows, double context, double seconds) => _planner.OnForward(rows, context, seconds);

    /// <summary>A session's text has grown.</summary>
    /// <param name="session">Holds the text, and the draft that met it.</param>
    /// <param name="accepted">Nodes of the draft that turned out right.</param>
    /// <param name="emitted">Tokens that verification of that draft gave; 0 for text that came otherwise, which only judges.</param>
    public void OnCommitted(SidecarSession session, ReadOnlySpan<int> accepted, int emitted)
    {
        if (session.WasDrafted) _planner.OnVerified(session.Sequence!, accepted, emitted);
    }

    /// <summary>Whether anybody may draft for sessions with this speculator.</summary>
    public bool Knows(string speculator) => speculator is "none" or StrategyNames.Auto or StrategyNames.Merged || Names.Contains(speculator);

    /// <summary>Lets go of a session.</summary>
    /// <param name="session">The session.</param>
    /// <param name="text">Its text as the stores are to keep it.</param>
    public void Release(SidecarSession session, DecodeSequence text)
    {
        _speculators.Release(text);
        if (session.WasDrafted) _planner.Release(text);
    }

    /// <summary>Forgets what the controller learned of a namespace.</summary>
    public void Forget(string name) => _planner.Forget(name);

    private static SpeculatorProfile Within(SpeculatorProfile profile, DraftBudget bounds) => profile with
    {
        MaxDepth = Math.Min(profile.MaxDepth, bounds.Depth),
        MaxNodes = Math.Min(profile.MaxNodes, bounds.Nodes),
        Branches = Math.Min(profile.Branches, bounds.Branches),
    };

    private void Begin(SidecarSession session)
    {
        session.WasDrafted = true;
        int allowed = AllowedTo(session);
        if (allowed != ~0) _planner.Restrict(session.Sequence!, allowed);
    }

    // A session may name one speculator.
    private int AllowedTo(SidecarSession session)
    {
        if (session.Speculator is StrategyNames.Auto or StrategyNames.Merged) return ~0;
        int allowed = 0;
        for (int i = 0; i < _speculators.Speculators.Count; i++)
            if (_speculators.Speculators[i].Name == session.Speculator)
                allowed |= 1 << i;
        return allowed;
    }

    private void Fill(SidecarSession session)
    {
        var sequence = session.Sequence!;
        sequence.Shares!.Limit(session.LastBudget, session.LastBudget);
        session.Invoked = 0;
        for (int i = 0; i < _speculators.Speculators.Count; i++)
            if (sequence.Shares[i].Depth > 0)
                session.Invoked |= 1 << i;
        session.IsReady &= (session.Invoked & ~session.AheadBy) == 0;
        if (session.IsReady) sequence.Draft.CopyBelow(session.Answered, DraftTree.Root, session.Invoked);
        else if (session.Invoked != 0) _proposing.Add(sequence);
    }
}
