using Atlas.Controller.Rounds;

namespace Atlas.Controller.Choice;

/// <summary>
/// What each speculator adds to the others in a step, less what it costs, in plain steps; and which of them add less than they cost. A draft tells
/// both what the invoked speculators had accepted together and what they would have had without one of them, on the same text, so the differences
/// scatter far less than the estimates of the arms do, and a small loss that never ends is found; a loss that may be chance, by what the differences
/// scatter, is none. Who is redundant leaves the choice and is only explored. One after the other: of two that say the same each is redundant beside
/// the other; one always stays. Beside those that are not judged, which have to read a request first and so are not there in every one, nobody is
/// redundant. Not thread-safe; allocates nothing.
/// </summary>
internal sealed class MarginalWorth(int speculators)
{
    private const double Rate = 1.0 / 256;
    private const double FirstWorth = 0.05;
    private const int FirstWeight = 8;
    private const int LeastObserved = 24;
    private const int KeptObserved = 8;
    private const double Margin = 0.002;
    private const double Errors = 2;

    private readonly double[] _net = [.. Enumerable.Repeat(FirstWorth, speculators)];
    private readonly double[] _variance = [.. Enumerable.Repeat(FirstWorth * FirstWorth, speculators)];
    private readonly int[] _observed = new int[speculators];

    /// <summary>Bit mask of those that add less than they cost.</summary>
    public int Redundant { get; private set; }

    /// <summary>Mean gain of a step by a speculator in plain steps; less than 0 for one that costs more than it adds.</summary>
    public double Of(int speculator) => _net[speculator];

    /// <summary>Starts from what was found at another load: who is redundant stays so until there is reason to think otherwise.</summary>
    public void CopyFrom(MarginalWorth other)
    {
        other._net.CopyTo(_net, 0);
        other._variance.CopyTo(_variance, 0);
        other._observed.CopyTo(_observed, 0);
        Redundant = other.Redundant;
        Loosen();
    }

    /// <summary>After a shift of the traffic: everybody is heard again.</summary>
    public void Reconsider()
    {
        Redundant = 0;
        Loosen();
        for (int i = 0; i < _net.Length; i++) _net[i] = Math.Max(_net[i], FirstWorth);
    }

    /// <summary>Learns from a draft that was judged whole.</summary>
    /// <param name="draft">What the invoked speculators drafted.</param>
    /// <param name="judged">Bit mask of the speculators that can be found redundant.</param>
    public void Learn(FrozenDraft draft, int judged)
    {
        int chosen = draft.Invoked & judged & ~Redundant;
        double worth = draft.Worth(chosen);
        for (int i = 0; i < _net.Length; i++)
        {
            int one = 1 << i;
            if ((draft.Invoked & judged & one) == 0) continue;
            double added = (chosen & one) != 0 ? worth - draft.Worth(chosen & ~one) : draft.Worth(chosen | one) - worth;
            _observed[i]++;
            double off = added - draft.Costs[i] - _net[i], rate = RateOf(i);
            _net[i] += rate * off;
            _variance[i] = (1 - rate) * (_variance[i] + rate * off * off);
        }
        int heard = judged & ~Redundant;
        if (Worst(heard) is { } worst && heard != 1 << worst) Dismiss(worst);
        for (int i = 0; i < _net.Length; i++)
            if ((Redundant >> i & 1) != 0 && _observed[i] >= LeastObserved && _net[i] > Margin)
                Redundant &= ~(1 << i);
    }

    private double RateOf(int speculator) => Math.Max(Rate, 1.0 / (_observed[speculator] + FirstWeight));

    // The mean is that of so many observations as weigh in it.
    private bool Loses(int speculator) =>
        _observed[speculator] >= LeastObserved && _net[speculator] + Errors * Math.Sqrt(_variance[speculator] * RateOf(speculator)) < -Margin;

    private int? Worst(int candidates)
    {
        int? worst = null;
        for (int i = 0; i < _net.Length; i++)
            if ((candidates >> i & 1) != 0 && Loses(i) && (worst is null || _net[i] < _net[worst.Value]))
                worst = i;
        return worst;
    }

    // The others are judged anew: what it did falls to them.
    private void Dismiss(int speculator)
    {
        Redundant |= 1 << speculator;
        Loosen();
    }

    private void Loosen()
    {
        foreach (ref int observed in _observed.AsSpan()) observed = Math.Min(observed, KeptObserved);
    }
}
