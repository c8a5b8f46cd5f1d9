using System.Numerics;

namespace Atlas.Controller.Choice;

/// <summary>
/// For every set of speculators (an arm; bit i of its index is speculator i) the draft tokens accepted and the rows verified in a step, as
/// discounted means. Arms that are not always observed follow the largest part of them that was, and what was observed of them corrects the difference to
/// that part, by the inverse of the probability to observe it (doubly robust: Dudík et al., ICML 2011), at most four times, lest one lucky step of an arm
/// that is rarely asked outweighs what many have shown. What a speculator adds to others is so learned only where all of them drafted, on the same text, and
/// is neither lost nor feigned by how hard that text was (control variates): who is asked on easy text alone is not thought better than those who are asked
/// on all. Not thread-safe; allocates nothing.
/// </summary>
internal sealed class ArmEstimates
{
    private const double MostStep = 0.5;
    private const double LeastProbability = 0.25;
    private const double Shared = 0.5;

    private readonly double[] _accepted;
    private readonly double[] _rows;
    private readonly double[] _observed;
    private readonly double[] _movedAccepted;
    private readonly double[] _movedRows;
    private readonly double[] _surplusAccepted;
    private readonly double[] _surplusRows;

    /// <summary>Estimates that make every arm worth a try.</summary>
    public ArmEstimates(int speculators)
    {
        Arms = 1 << speculators;
        (_accepted, _rows, _observed) = (new double[Arms], new double[Arms], new double[Arms]);
        (_movedAccepted, _movedRows) = (new double[Arms], new double[Arms]);
        (_surplusAccepted, _surplusRows) = (new double[Arms], new double[Arms]);
        Reset();
    }

    /// <summary>Sets of speculators, the empty one included.</summary>
    public int Arms { get; }

    /// <summary>Mean draft tokens accepted in a step; 0 for the arm without speculators.</summary>
    public double Accepted(int arm) => _accepted[arm];

    /// <summary>Mean draft rows verified in a step.</summary>
    public double Rows(int arm) => _rows[arm];

    /// <summary>Times an arm was observed; after a shift of the traffic, those that still count.</summary>
    public double Observed(int arm) => _observed[arm];

    /// <summary>Back to the start.</summary>
    public void Reset()
    {
        for (int arm = 1; arm < Arms; arm++) (_accepted[arm], _rows[arm], _observed[arm]) = (1.5, 3, 0);
    }

    /// <summary>Starts from another's estimates.</summary>
    public void CopyFrom(ArmEstimates other)
    {
        other._accepted.CopyTo(_accepted, 0);
        other._rows.CopyTo(_rows, 0);
        other._observed.CopyTo(_observed, 0);
    }

    /// <summary>Lets new observations count as they did when there had been few: after a shift of the traffic.</summary>
    /// <param name="kept">Observations of an arm that still count.</param>
    public void Loosen(int kept = 10)
    {
        foreach (ref double observed in _observed.AsSpan()) observed = Math.Min(observed, kept);
    }

    /// <summary>Learns what an arm did in a step.</summary>
    /// <param name="arm">Which.</param>
    /// <param name="accepted">Draft tokens that would have been accepted.</param>
    /// <param name="rows">Draft rows that would have been verified.</param>
    /// <param name="probability">With which this arm was observed, in (0, 1].</param>
    /// <param name="rate">Weight of a new observation in the mean, once there are many.</param>
    /// <param name="part">A part of the arm that has learned of the same step: the arm moves with it, and learns what it has over it; 0 for none.</param>
    public void Learn(int arm, int accepted, int rows, double probability, double rate, int part = 0) =>
        Move(arm, accepted, rows, Step(arm, probability, rate), part);

    /// <summary>
    /// Learns what a speculator did that is seldom asked, beside others that are asked nearly always: half of what the step was easier or harder for
    /// these than usual is not put down to it. The text on which it is asked is not like all text, for one because it is asked when a request begins.
    /// </summary>
    /// <param name="arm">Of the one speculator.</param>
    /// <param name="accepted">Draft tokens that would have been accepted.</param>
    /// <param name="rows">Draft rows that would have been verified.</param>
    /// <param name="probability">With which this arm was observed, in (0, 1].</param>
    /// <param name="rate">Weight of a new observation in the mean, once there are many.</param>
    /// <param name="others">The others' arm, which has learned of the same step; 0 for none.</param>
    public void LearnBeside(int arm, int accepted, int rows, double probability, double rate, int others)
    {
        double step = Step(arm, probability, rate);
        Move(arm, accepted, rows, step, 0);
        _accepted[arm] = Math.Max(0, _accepted[arm] - step * Shared * _surplusAccepted[others]);
    }

    /// <summary>Moves an arm that was not observed as a part of it, which has just learned, has moved.</summary>
    public void Follow(int arm, int part)
    {
        _accepted[arm] += _movedAccepted[part];
        _rows[arm] += _movedRows[part];
    }

    /// <summary>
    /// Holds every arm within what its parts allow: drafts joined bring at least what the better one brings and at most what both do. An arm that is
    /// rarely observed is moved far by what it did then; a lucky step of one of its members is told from a merit of all by this alone.
    /// </summary>
    public void Bound()
    {
        Bound(_accepted);
        Bound(_rows);
    }

    private double Step(int arm, double probability, double rate) =>
        Math.Min(MostStep, Math.Max(rate, 1 / (_observed[arm] + 2)) / Math.Max(LeastProbability, probability));

    private void Move(int arm, int accepted, int rows, double step, int part)
    {
        _observed[arm]++;
        _surplusAccepted[arm] = accepted - _accepted[arm];
        _surplusRows[arm] = rows - _rows[arm];
        _accepted[arm] += _movedAccepted[arm] = _movedAccepted[part] + step * (_surplusAccepted[arm] - _surplusAccepted[part]);
        _rows[arm] += _movedRows[arm] = _movedRows[part] + step * (_surplusRows[arm] - _surplusRows[part]);
    }

    // By growing index: the parts of an arm come before it.
    private void Bound(double[] estimates)
    {
        for (int arm = 3; arm < Arms; arm++)
        {
            if (BitOperations.IsPow2(arm)) continue;
            double least = 0, most = double.MaxValue;
            for (int left = arm; left != 0; left &= left - 1)
            {
                int one = left & -left;
                double rest = estimates[arm & ~one];
                least = Math.Max(least, rest);
                most = Math.Min(most, rest + estimates[one]);
            }
            estimates[arm] = Math.Max(least, Math.Min(most, estimates[arm]));
        }
    }
}
