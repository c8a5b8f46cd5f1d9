namespace Atlas.Controller;

/// <summary>
/// What a step took, against what plain decoding would have taken for the tokens it emitted, and the discounted ratio of the two over steps.
/// How much slower or faster than predicted the machine was in a forward is taken to hold for plain decoding too, so that a busy neighbour is
/// not blamed on speculation; and what a single stall counts is bounded. Allocates nothing.
/// </summary>
internal sealed class StepAccount
{
    private const double Kept = 0.98;
    private const double MostPace = 3;
    private const double MostDrafting = 8;
    private const double FreeDrafting = 100e-6;
    private const double DraftingRate = 0.05;

    private double _plain;
    private double _prompts;
    private double _drafting;
    private double _reading;
    private double _learning;
    private double _heard;
    private double _charged;
    private double _forward;
    private double _pace;
    private int _proposed;
    private int _emitted;
    private double _meanDrafting;
    private double _plainTotal;
    private double _spentTotal;

    /// <summary>Sequences of the step that are past their prompts.</summary>
    public int Decoding { get; private set; }

    /// <summary>Plain decoding's time for the emitted tokens over the time they took, of late; 1 before the first step.</summary>
    public double Gain => _spentTotal > 0 ? _plainTotal / _spentTotal : 1;

    /// <summary>Seconds of a plain step that fall to one sequence.</summary>
    public double PlainSlice => _plain * _pace / Math.Max(1, Decoding);

    /// <summary>Seconds of learning that one sequence answers for: what was heard between the last step's verification and this one's beginning.</summary>
    public double LearningSlice => _learning / Math.Max(1, Decoding);

    /// <summary>Closes the last step and begins one.</summary>
    /// <param name="plainSeconds">Predicted for the decoding sequences alone, without drafts: what a token less would save later on.</param>
    /// <param name="promptSeconds">Predicted to come to it for the prompts that are read in the same forward; they are read once, drafts or not.</param>
    /// <param name="decoding">Sequences past their prompts.</param>
    public void Begin(double plainSeconds, double promptSeconds, int decoding)
    {
        if (_emitted > 0 && Decoding > 0)
        {
            _plainTotal = _plainTotal * Kept + _emitted * PlainSlice;
            _spentTotal = _spentTotal * Kept + _drafting + _forward - _prompts * _pace + _learning + _charged;
            (_charged, _learning) = (0, 0);
        }
        (_plain, _prompts, _drafting, _forward, _pace) = (plainSeconds, promptSeconds, 0, 0, 1);
        (_proposed, _emitted, Decoding) = (0, 0, decoding);
        // Steps that only read prompts hand what was learned after them on.
        (_learning, _heard, _reading) = (_learning + _heard, 0, 0);
    }

    /// <summary>Adds a sequence's draft.</summary>
    public void Propose(int nodes) => _proposed += nodes;

    /// <summary>
    /// So much of the drafting went to reading text that speculators had not seen: an investment that serves all of a request, so it is charged
    /// by and by (<see cref="Charge"/>) and not to this step.
    /// </summary>
    public void Read(double seconds) => _reading += seconds;

    /// <summary>Adds time that speculation owes from earlier steps.</summary>
    public void Charge(double seconds) => _charged += seconds;

    /// <summary>
    /// The decoding thread has spent time on learning; it counts in the step that begins next, since learning comes after verification. What a
    /// single stall in it counts is bounded too.
    /// </summary>
    public void Learned(double seconds) => _heard += Math.Min(seconds, FreeDrafting + MostDrafting * _plain);

    /// <summary>Planning, drafting and selection are done.</summary>
    /// <param name="seconds">What they took.</param>
    /// <param name="forwardSeconds">Predicted for the forward that follows; holds unless its time is reported.</param>
    public void Drafted(double seconds, double forwardSeconds)
    {
        _drafting = Math.Min(Math.Max(0, seconds - _reading), FreeDrafting + MostDrafting * _meanDrafting);
        _meanDrafting += DraftingRate * (_drafting - _meanDrafting);
        _forward = forwardSeconds;
    }

    /// <summary>The forward is done.</summary>
    public void Forwarded(double seconds, double predicted)
    {
        _pace = Math.Clamp(seconds / predicted, 1 / MostPace, MostPace);
        _forward = predicted * _pace;
    }

    /// <summary>Tokens were emitted for a sequence.</summary>
    public void Emitted(int tokens) => _emitted += tokens;

    /// <summary>
    /// Seconds of the step that a sequence answers for: its slice of a plain step, and of what speculation added the part of its draft.
    /// </summary>
    public double SecondsOf(int proposed)
    {
        double added = _drafting + _forward - (_plain + _prompts) * _pace;
        return PlainSlice + added * (_proposed > 0 ? (double)proposed / _proposed : 1.0 / Math.Max(1, Decoding));
    }
}
