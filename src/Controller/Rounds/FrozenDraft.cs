using System.Numerics;
using Atlas.Controller.Choice;
using Atlas.Controller.Traffic;
using Atlas.Core.Drafting;

namespace Atlas.Controller.Rounds;

/// <summary>
/// What speculators drafted for a sequence in one step, whether it was verified or not, kept until the text that was emitted has judged all of
/// it. As speculation changes no token, the text is the same that would have been emitted had the draft been verified: every draft is scored
/// with full information, also those that were cut. Holds tokens and confidences only. Reused; allocates nothing.
/// </summary>
internal sealed class FrozenDraft(int capacity, int speculators)
{
    private const double NearlyAlways = 0.9;

    private readonly int[] _tokens = new int[capacity];
    private readonly int[] _parents = new int[capacity];
    private readonly byte[] _proposers = new byte[capacity];
    private readonly float[] _probability = new float[capacity];
    private readonly float[] _confidence = new float[capacity * speculators];
    private readonly bool[] _pays = new bool[capacity];
    private readonly double[] _observation = new double[1 << speculators];
    private readonly int[] _rows = new int[1 << speculators];
    private readonly int[] _accepted = new int[speculators];
    private readonly int[] _paying = new int[speculators];
    private readonly double[] _costs = new double[speculators];
    private double _tokenWorth;
    private double _rowPrice;
    private int _count;
    private int _node;
    private int _next;

    /// <summary>Class of the batch's load (<see cref="BatchLoad"/>) in that step.</summary>
    public int Load { get; private set; }

    /// <summary>Bit mask of the speculators that were invoked, also those that then drafted nothing.</summary>
    public int Invoked { get; private set; }

    /// <summary>Bit mask of the speculators that drafted at least one token.</summary>
    public int Drafted { get; private set; }

    /// <summary>Bit mask of the speculators whose draft was refused somewhere; the others' held to its end, or is not judged yet.</summary>
    public int Refused { get; private set; }

    /// <summary>Whether the text has judged all of it.</summary>
    public bool IsJudged { get; private set; }

    /// <summary>Probability that all speculators of an arm were invoked, as the choice was drawn.</summary>
    public Span<double> Observation => _observation;

    /// <summary>What asking each invoked speculator took, in plain steps.</summary>
    public Span<double> Costs => _costs;

    /// <summary>Draft tokens of a speculator that the text confirmed.</summary>
    public int Accepted(int speculator) => _accepted[speculator];

    /// <summary>Takes a draft; <see cref="Observation"/> is the caller's to fill.</summary>
    /// <param name="draft">All that was proposed, calibrated.</param>
    /// <param name="position">Tokens before it.</param>
    /// <param name="load">Class of the batch's load.</param>
    /// <param name="invoked">Bit mask of the speculators invoked.</param>
    /// <param name="pays">Whether each node is worth its row at the prices of the step.</param>
    public void Freeze(DraftTree draft, int position, int load, int invoked, ReadOnlySpan<bool> pays)
    {
        (_count, _node, _next) = (Math.Min(draft.Count, capacity), DraftTree.Root, position);
        (Load, Invoked, Drafted, Refused) = (load, invoked, 0, 0);
        Array.Clear(_rows);
        Array.Clear(_accepted);
        Array.Clear(_paying);
        draft.Tokens[.._count].CopyTo(_tokens);
        draft.Parents[.._count].CopyTo(_parents);
        draft.Proposers[.._count].CopyTo(_proposers);
        draft.Confidence[.._count].CopyTo(_probability);
        pays[.._count].CopyTo(_pays);
        for (int node = 0; node < _count; node++)
        {
            Drafted |= _proposers[node];
            draft.ConfidencesOf(node)[..speculators].CopyTo(_confidence.AsSpan(node * speculators));
            if (!_pays[node]) continue;
            for (int arm = 1; arm < _rows.Length; arm++)
                if ((arm & _proposers[node]) != 0)
                    _rows[arm]++;
        }
        IsJudged = _count == 0;
    }

    /// <summary>Takes the prices of the step, in plain steps.</summary>
    /// <param name="row">Of a draft row.</param>
    /// <param name="token">What an accepted token saves.</param>
    public void Price(double row, double token) => (_rowPrice, _tokenWorth) = (row, token);

    /// <summary>What the drafts of an arm saved in plain steps, less their rows' price; without what drafting took.</summary>
    public double Worth(int arm)
    {
        var (accepted, rows) = Outcome(arm);
        return _tokenWorth * accepted - _rowPrice * rows;
    }

    /// <summary>Judges what the text has reached by now; the learner hears of every node whose parent was accepted.</summary>
    /// <param name="text">Prompt and output.</param>
    /// <param name="learner">Who learns from it.</param>
    /// <param name="kind">The traffic that the text belongs to.</param>
    public void Judge(ReadOnlySpan<int> text, NamespaceState learner, TrafficState kind)
    {
        while (!IsJudged && _next < text.Length)
        {
            int found = -1, on = 0;
            int token = text[_next];
            for (int node = _node + 1; node < _count; node++)
                if (_parents[node] == _node)
                    on |= _proposers[node];
            for (int node = _node + 1; node < _count; node++)
            {
                if (_parents[node] != _node) continue;
                bool accepted = _tokens[node] == token;
                if (accepted) found = node;
                learner.LearnNode(kind, _proposers[node], on, _confidence.AsSpan(node * speculators, speculators), _probability[node], accepted);
            }
            Refused |= on & ~(found < 0 ? 0 : _proposers[found]);
            _node = found;
            _next++;
            if (found < 0) IsJudged = true;
            else Confirm(found);
        }
    }

    /// <summary>Draft tokens that an arm would have had accepted, of the nodes that pay, and the rows it would have had verified.</summary>
    public (int Accepted, int Rows) Outcome(int arm)
    {
        int accepted = 0;
        for (int i = 0; i < speculators; i++)
            if ((arm >> i & 1) != 0)
                accepted = Math.Max(accepted, _paying[i]);
        return (accepted, _rows[arm]);
    }

    /// <summary>
    /// Teaches what every arm did of which all speculators were invoked; the others follow the part of them that was. Those that are asked nearly always come
    /// first, since they tell how hard the text was.
    /// </summary>
    /// <param name="estimates">Who learns; those of the draft's load.</param>
    /// <param name="rate">Weight of a new observation.</param>
    public void Teach(ArmEstimates estimates, double rate)
    {
        int steady = Steady();
        for (int arm = 1; arm < estimates.Arms; arm++)
            if ((arm & ~steady) == 0)
                Teach(estimates, rate, arm, 0);
        for (int arm = 1; arm < estimates.Arms; arm++)
            if ((arm & ~steady) != 0)
                Teach(estimates, rate, arm, steady);
        estimates.Bound();
    }

    private void Teach(ArmEstimates estimates, double rate, int arm, int steady)
    {
        int part = arm & Invoked;
        if (part != arm)
        {
            if (part != 0) estimates.Follow(arm, part);
            return;
        }
        var (accepted, rows) = Outcome(arm);
        if (BitOperations.IsPow2(arm)) estimates.LearnBeside(arm, accepted, rows, _observation[arm], rate, steady);
        else estimates.Learn(arm, accepted, rows, _observation[arm], rate, WithoutRarest(arm));
    }

    // Those who were asked, and would have been nine times of ten.
    private int Steady()
    {
        int steady = 0;
        for (int i = 0; i < speculators; i++)
            if ((Invoked >> i & 1) != 0 && _observation[1 << i] > NearlyAlways)
                steady |= 1 << i;
        return steady;
    }

    // An arm less the member that is asked least.
    private int WithoutRarest(int arm)
    {
        int rarest = 0;
        double least = double.MaxValue;
        for (int i = 0; i < speculators; i++)
        {
            if ((arm >> i & 1) == 0 || _observation[1 << i] >= least) continue;
            (rarest, least) = (1 << i, _observation[1 << i]);
        }
        return arm & ~rarest;
    }

    private void Confirm(int node)
    {
        bool leaf = true;
        for (int child = node + 1; child < _count && leaf; child++) leaf = _parents[child] != node;
        IsJudged = leaf;
        for (int i = 0; i < speculators; i++)
        {
            if ((_proposers[node] >> i & 1) == 0) continue;
            _accepted[i]++;
            if (_pays[node]) _paying[i]++;
        }
    }
}
