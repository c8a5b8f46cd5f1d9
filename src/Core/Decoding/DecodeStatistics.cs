using Atlas.Core.Drafting;

namespace Atlas.Core.Decoding;

/// <summary>What was counted over a sequence's steps, in the design's words. Plain sums: statistics of several sequences add up.</summary>
public sealed class DecodeStatistics
{
    private readonly long[] _draftedAt;
    private readonly long[] _acceptedAt;

    /// <summary>Empty counts with room for paths of <paramref name="maxDepth"/> draft tokens.</summary>
    public DecodeStatistics(int maxDepth)
    {
        _draftedAt = new long[maxDepth];
        _acceptedAt = new long[maxDepth];
    }

    /// <summary>Target forwards that emitted tokens (prompt chunks before the first token are not counted).</summary>
    public long Forwards { get; private set; }

    /// <summary>Tokens emitted.</summary>
    public long Emitted { get; private set; }

    /// <summary>Draft nodes verified.</summary>
    public long Drafted { get; private set; }

    /// <summary>Draft nodes accepted and emitted.</summary>
    public long Accepted { get; private set; }

    /// <summary>Tokens emitted per target forward, bonus included; 0 before the first.</summary>
    public double AcceptanceLength => Forwards == 0 ? 0 : (double)Emitted / Forwards;

    /// <summary>Accepted over drafted; 0 when nothing was drafted.</summary>
    public double AcceptanceRate => Drafted == 0 ? 0 : (double)Accepted / Drafted;

    /// <summary>Longest draft path seen.</summary>
    public int MaxDepth
    {
        get
        {
            int depth = _draftedAt.Length;
            while (depth > 0 && _draftedAt[depth - 1] == 0) depth--;
            return depth;
        }
    }

    /// <summary>
    /// Of the steps that drafted to position <paramref name="position"/> (0 for the first draft token), the fraction that accepted a token
    /// there.
    /// </summary>
    public double AcceptanceRateAt(int position) =>
        _draftedAt[position] == 0 ? 0 : (double)_acceptedAt[position] / _draftedAt[position];

    /// <summary>Draft tokens accepted at a position, 0 for the first of a draft.</summary>
    public long AcceptedAt(int position) => _acceptedAt[position];

    /// <summary>Counts one step. Draft nodes behind the token that ended the sequence are not counted: nobody looked at them.</summary>
    /// <param name="draft">What was drafted.</param>
    /// <param name="accepted">Draft tokens accepted and emitted.</param>
    /// <param name="emitted">Tokens emitted; no more than <paramref name="accepted"/> when the last of these ended the sequence.</param>
    public void AddStep(DraftTree draft, int accepted, int emitted)
    {
        int depth = accepted == emitted ? emitted : draft.Depth;
        Forwards++;
        Emitted += emitted;
        Accepted += accepted;
        foreach (int d in draft.Depths)
            if (d <= depth)
                Drafted++;
        for (int i = 0; i < depth; i++) _draftedAt[i]++;
        for (int i = 0; i < accepted; i++) _acceptedAt[i]++;
    }

    /// <summary>Adds another sequence's counts to these.</summary>
    public void Add(DecodeStatistics other)
    {
        Forwards += other.Forwards;
        Emitted += other.Emitted;
        Drafted += other.Drafted;
        Accepted += other.Accepted;
        for (int i = 0; i < Math.Min(_draftedAt.Length, other._draftedAt.Length); i++)
        {
            _draftedAt[i] += other._draftedAt[i];
            _acceptedAt[i] += other._acceptedAt[i];
        }
    }
}
