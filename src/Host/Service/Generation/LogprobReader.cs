using Atlas.Core.Drafting;
using Atlas.Core.Sampling;
using Atlas.Protocol.Messages;
using Atlas.Target;

namespace Atlas.Host.Service.Generation;

/// <summary>
/// Log-probabilities of the tokens that the last step emitted, with the alternatives that the target's forward saw there. Used from the decoding
/// thread, between the step and the sequence's release.
/// </summary>
internal sealed class LogprobReader(TargetModel target)
{
    private int[] _rows = [];
    private SampledToken[] _top = [];

    /// <summary>Appends an element for every token from <see cref="Completion.Taken"/> on.</summary>
    public void Read(Completion completion, ReusableList<TokenLogprob> destination)
    {
        var sequence = completion.Sequence;
        var tokens = sequence.Output[completion.Taken..];
        var own = sequence.OutputLogProbs[completion.Taken..];
        int k = completion.Request.Logprobs;
        bool alternatives = k > 0 && target.TryGetRows(sequence, out var rows) && Alternatives(completion, rows, tokens, k);
        for (int i = 0; i < tokens.Length; i++)
        {
            var entry = destination.Add();
            entry.Token = tokens[i];
            entry.Logprob = own[i];
            if (!alternatives) continue;
            foreach (var candidate in _top.AsSpan(i * k, k))
            {
                if (candidate.Token < 0) break;
                entry.TopTokens.Add(candidate.Token);
                entry.TopLogprobs.Add(candidate.LogProb);
            }
        }
    }

    // The emitted tokens lead down the step's draft; each was drawn from the row of the node before it.
    private bool Alternatives(Completion completion, in Atlas.Modeling.Engine.TargetRows rows, ReadOnlySpan<int> tokens, int k)
    {
        if (_rows.Length < tokens.Length) _rows = new int[2 * tokens.Length];
        if (_top.Length < tokens.Length * k) _top = new SampledToken[2 * tokens.Length * k];
        int node = DraftTree.Root;
        for (int i = 0; i < tokens.Length; i++)
        {
            _rows[i] = rows.RowOf(node);
            if (i + 1 == tokens.Length) break;
            node = completion.Sequence.Draft.FindChild(node, tokens[i]);
            if (node < 0) return false;
        }
        if (tokens.Length > 0) rows.Result.TopK(_rows.AsSpan(0, tokens.Length), k, _top.AsSpan(0, tokens.Length * k));
        return true;
    }
}
