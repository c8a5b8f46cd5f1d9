using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Core.Sampling;

namespace Atlas.Speculator.Adaptive.Tests.Suffix.Recorded;

/// <summary>
/// Decoding as it would be if the target wrote the recorded text: of each draft the longest path that the text has is accepted, and one token
/// more is emitted.
/// </summary>
internal sealed class RecordedDecoding(ISpeculator speculator, DraftBudget budget)
{
    private readonly double[] _confidence = new double[10];
    private readonly long[] _hits = new long[10];
    private readonly long[] _nodes = new long[10];

    public DecodeStatistics Statistics { get; } = new(budget.Depth);

    /// <summary>Draft nodes whose parent was accepted: those whose confidence can be judged.</summary>
    public long Judged => _nodes.Sum();

    /// <summary>Expected calibration error over ten bins of confidence.</summary>
    public double CalibrationError
    {
        get
        {
            double error = 0;
            for (int bin = 0; bin < _nodes.Length; bin++) error += Math.Abs(_confidence[bin] - _hits[bin]);
            return error / Math.Max(1, Judged);
        }
    }

    public RecordedDecoding Run(IEnumerable<RecordedRequest> requests)
    {
        long id = 0;
        foreach (var request in requests) Decode(request, id++);
        return this;
    }

    private void Decode(RecordedRequest request, long id)
    {
        var output = request.Output;
        var rules = new StopRules(output.Length, []);
        var sequence = new DecodeSequence(id, request.Prompt, SamplingOptions.Greedy, rules, budget.Nodes) { Namespace = request.Namespace };
        while (sequence.Finish is null)
        {
            int at = sequence.Output.Length;
            sequence.Draft.Clear();
            sequence.Budget = budget.Limit(sequence.Remaining - 1, budget.Nodes);
            speculator.Propose([sequence]);
            int accepted = Accept(sequence.Draft, output.AsSpan(at));
            for (int i = 0; i <= accepted; i++) sequence.Emit(new SampledToken(output[at + i], 0f, 0f));
            Statistics.AddStep(sequence.Draft, accepted, accepted + 1);
        }
        speculator.Release(sequence);
    }

    private int Accept(DraftTree draft, ReadOnlySpan<int> truth)
    {
        for (int length = 0, node = DraftTree.Root; ; length++)
        {
            int next = draft.FindChild(node, truth[length]);
            for (int child = node + 1; child < draft.Count; child++)
            {
                if (draft.Parents[child] != node) continue;
                int bin = Math.Min(9, (int)(draft.Confidence[child] * 10));
                _confidence[bin] += draft.Confidence[child];
                _nodes[bin]++;
                if (child == next) _hits[bin]++;
            }
            if (next < 0) return length;
            node = next;
        }
    }
}
