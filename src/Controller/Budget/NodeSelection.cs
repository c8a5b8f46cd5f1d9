namespace Atlas.Controller.Budget;

/// <summary>
/// Which nodes of a batch's drafts are verified. All nodes compete by marginal gain: the probability that the whole path to them is accepted
/// (EAGLE-2, arXiv 2406.16858), across the sequences of the batch (TETRIS, arXiv 2502.15197), as long as the tokens they are expected to bring
/// are worth the time their rows take at the going price of time (goodput as in SmartSpec, arXiv 2406.14066; maximizing a ratio by its price:
/// Dinkelbach 1967). A node's gain is at most its parent's, so taking the largest first takes parents first. Nothing at all is always a
/// candidate. Grows to the largest batch seen, then allocates nothing.
/// </summary>
internal sealed class NodeSelection
{
    private Entry[] _heap = [];
    private Entry[] _taken = [];
    private bool[] _kept = [];
    private int[] _perOwner = [];
    private int _count;
    private int _stride;

    /// <summary>Tokens that a row must bring to pay, after <see cref="Choose"/>.</summary>
    public double Cutoff { get; private set; }

    /// <summary>Starts a batch of so many drafts with at most <paramref name="nodes"/> nodes each.</summary>
    public void Begin(int drafts, int nodes)
    {
        _count = 0;
        _stride = nodes;
        if (_perOwner.Length < drafts) _perOwner = new int[drafts];
        if (_kept.Length < drafts * nodes)
        {
            _kept = new bool[drafts * nodes];
            _heap = new Entry[drafts * nodes];
            _taken = new Entry[drafts * nodes];
        }
        Array.Clear(_perOwner, 0, drafts);
        Array.Clear(_kept, 0, drafts * nodes);
    }

    /// <summary>Enters a node; those of a draft in their order.</summary>
    /// <param name="draft">Index of the draft in the batch.</param>
    /// <param name="node">Index of the node in the draft.</param>
    /// <param name="gain">Expected tokens, weighted by the request's class; at most the parent's.</param>
    public void Add(int draft, int node, double gain) => _heap[_count++] = new Entry(gain, draft, node);

    /// <summary>Decides; returns how many nodes are kept.</summary>
    /// <param name="prices">What rows cost.</param>
    /// <param name="mostPerDraft">Most nodes of one draft.</param>
    public int Choose(in RowPrices prices, int mostPerDraft)
    {
        for (int i = _count / 2 - 1; i >= 0; i--) Sink(i);
        double least = prices.LeastTokens, gain = 0, best = 0;
        int taken = 0, kept = 0;
        while (_count > 0 && taken < prices.Rows.Drafts)
        {
            var top = Pop();
            // Neither this node nor any behind it can be worth even the cheapest row.
            if (top.Gain < least || top.Gain <= 0) break;
            if (_perOwner[top.Draft] == mostPerDraft) continue;
            _perOwner[top.Draft]++;
            _taken[taken++] = top;
            gain += top.Gain;
            double value = gain - prices.Tokens(taken);
            // The curve has steps: a loss now may be a gain a few rows later.
            if (value <= best) continue;
            best = value;
            kept = taken;
        }
        for (int i = 0; i < kept; i++) _kept[_taken[i].Draft * _stride + _taken[i].Node] = true;
        int span = Math.Max(kept, 4);
        Cutoff = prices.Tokens(span) / span;
        return kept;
    }

    /// <summary>The decision for one draft of <paramref name="count"/> nodes.</summary>
    public ReadOnlySpan<bool> Kept(int draft, int count) => _kept.AsSpan(draft * _stride, count);

    private Entry Pop()
    {
        var top = _heap[0];
        _heap[0] = _heap[--_count];
        Sink(0);
        return top;
    }

    private void Sink(int at)
    {
        while (true)
        {
            int child = 2 * at + 1;
            if (child >= _count) return;
            if (child + 1 < _count && _heap[child + 1].Before(_heap[child])) child++;
            if (!_heap[child].Before(_heap[at])) return;
            (_heap[at], _heap[child]) = (_heap[child], _heap[at]);
            at = child;
        }
    }

    private readonly record struct Entry(double Gain, int Draft, int Node)
    {
        // Ties go to the earlier node, which may be the parent.
        public bool Before(in Entry other) =>
            Gain != other.Gain ? Gain > other.Gain : Draft != other.Draft ? Draft < other.Draft : Node < other.Node;
    }
}
