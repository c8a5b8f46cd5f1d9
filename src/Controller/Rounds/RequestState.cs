using Atlas.Controller.Choice;
using Atlas.Controller.Traffic;
using Atlas.Core.Drafting;

namespace Atlas.Controller.Rounds;

/// <summary>
/// What the controller knows of one request: its own estimates, begun from its kind's, its shares of the coming step, and the drafts that
/// its text has not judged yet. Reused from request to request.
/// </summary>
internal sealed class RequestState
{
    /// <summary>Steps of a trial: one draft can be lucky.</summary>
    public const int TrialLength = 2;

    private const int FarLoad = 2;
    private const int KeptOfOthers = 4;

    private readonly FrozenDraft[] _pending;
    private int _first;
    private int _count;
    private int _load;
    private int _begunAt;

    /// <summary>State for drafts of at most <paramref name="capacity"/> nodes.</summary>
    public RequestState(int speculators, int capacity, int pending)
    {
        Capacity = capacity;
        Estimates = new ArmEstimates(speculators);
        Observation = new double[1 << speculators];
        Read = new int[speculators];
        Reading = new int[speculators];
        TrialProbability = new double[speculators];
        _pending = new FrozenDraft[pending];
        for (int i = 0; i < pending; i++) _pending[i] = new FrozenDraft(capacity, speculators);
    }

    /// <summary>Most nodes of a draft.</summary>
    public int Capacity { get; }

    /// <summary>Tokens and rows of the arms in this request.</summary>
    public ArmEstimates Estimates { get; }

    /// <summary>What each speculator may draft.</summary>
    public DraftShares Shares { get; } = new();

    /// <summary>Probability that each arm is observed in this step.</summary>
    public double[] Observation { get; }

    /// <summary>Tokens of the sequence that each speculator has read.</summary>
    public int[] Read { get; }

    /// <summary>Tokens that each speculator has to read in this step before it can draft; 0 for those that are not invoked.</summary>
    public int[] Reading { get; }

    /// <summary>Seconds that speculators took to read this sequence's text and that have not been charged yet.</summary>
    public double Debt { get; private set; }

    /// <summary>Where its traffic belongs.</summary>
    public NamespaceState Namespace { get; private set; } = null!;

    /// <summary>What was learned of traffic of its kind.</summary>
    public TrafficState Traffic { get; private set; } = null!;

    /// <summary>Whether it resembles requests before it; what all others have taught is soon given up for one that does not.</summary>
    private bool IsKnown => Traffic != Namespace.All || !Namespace.HasKinds;

    /// <summary>What was learned of it at the load of its last step.</summary>
    public LoadState AtLoad { get; private set; } = null!;

    /// <summary>Bit mask of the only speculators that may draft for it, 0 for nobody; null leaves the choice to the controller.</summary>
    public int? Only { get; set; }

    /// <summary>Bit mask of the speculators invoked in this step.</summary>
    public int Invoked { get; set; }

    /// <summary>Nodes proposed in this step, verified or not.</summary>
    public int Proposed { get; set; }

    /// <summary>Steps of its trial that are left: at its beginning, speculators that read text are asked in all of them or in none.</summary>
    public int TrialSteps { get; set; }

    /// <summary>Probability, before its trial began, that each speculator is asked in it; 0 for those that are explored step by step.</summary>
    public double[] TrialProbability { get; }

    /// <summary>The highest probability so far with which a speculator was to be asked that has much to read first, and was not.</summary>
    public double Declined { get; set; }

    /// <summary>Bit mask of the speculators that are asked in its trial.</summary>
    public int Tried { get; set; }

    /// <summary>Begins a request.</summary>
    /// <param name="owner">Its namespace.</param>
    /// <param name="kind">The traffic there that it belongs to.</param>
    public void Begin(NamespaceState owner, TrafficState kind)
    {
        (Namespace, Traffic, AtLoad, _load, _begunAt) = (owner, kind, null!, -1, -1);
        (TrialSteps, Tried) = (TrialLength, 0);
        Array.Clear(TrialProbability);
        (_first, _count, Invoked, Proposed, Only, Debt, Declined) = (0, 0, 0, 0, null, 0, 0);
        Array.Clear(Read);
        owner.Live++;
    }

    /// <summary>
    /// A step at that load of the batch. The request's own estimates move on to the next load; one further away begins with what was learned there.
    /// </summary>
    public void Enter(int load)
    {
        if (load == _load) return;
        (_load, AtLoad) = (load, Traffic.At(load));
        if (_begunAt >= 0 && Math.Abs(load - _begunAt) < FarLoad) return;
        _begunAt = load;
        Estimates.CopyFrom(AtLoad.Estimates);
        if (!IsKnown) Estimates.Loosen(KeptOfOthers);
    }

    /// <summary>A speculator took so many seconds to read this sequence's text.</summary>
    public void Owe(double seconds) => Debt += seconds;

    /// <summary>Pays a part, 0 to 1, of the debt; returns its seconds.</summary>
    public double Pay(double part)
    {
        double paid = Debt * part;
        Debt -= paid;
        return paid;
    }

    /// <summary>What was emitted is read by those who draft on from it: only the others fall behind.</summary>
    public void KeptPace(int length)
    {
        for (int i = 0; i < Read.Length; i++)
            if ((Invoked >> i & 1) != 0)
                Read[i] = length;
    }

    /// <summary>A place for the step's draft; where all are taken the oldest is given up unjudged.</summary>
    public FrozenDraft Freeze()
    {
        if (_count == _pending.Length)
        {
            _first = (_first + 1) % _pending.Length;
            _count--;
        }
        return _pending[(_first + _count++) % _pending.Length];
    }

    /// <summary>Judges what the text has reached; drafts that are judged whole are learned from and leave.</summary>
    public void Judge(ReadOnlySpan<int> text, double rate)
    {
        int kept = 0;
        for (int i = 0; i < _count; i++)
        {
            int at = (_first + i) % _pending.Length;
            var draft = _pending[at];
            draft.Judge(text, Namespace, Traffic);
            if (draft.IsJudged)
            {
                Namespace.LearnDraft(Traffic, draft);
                draft.Teach(Estimates, rate);
                continue;
            }
            int to = (_first + kept++) % _pending.Length;
            (_pending[to], _pending[at]) = (draft, _pending[to]);
        }
        _count = kept;
    }
}
