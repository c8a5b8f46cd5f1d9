using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Core.Sampling;
using Atlas.Engine;
using Atlas.Evaluation.Workloads;
using Atlas.Modeling.Engine;
using Atlas.Modeling.Tokenization;
using Atlas.Target;

namespace Atlas.Evaluation.Tests.Benchmarks.Heads;

/// <summary>Lets a target complete the prompts of workloads, plainly, and keeps its states and distributions.</summary>
internal sealed class StateRecorder : IVerificationObserver
{
    private const int Batch = 8;

    private readonly TargetModel _target;
    private readonly int _width;
    private readonly Dictionary<long, List<(int Token, float[] State, int[] Top, float[] Probabilities)>> _rows = [];
    private readonly SampledToken[] _top = new SampledToken[RecordedCompletion.TopK];

    private StateRecorder(IDecoder decoder)
    {
        _target = new TargetModel(decoder, 1);
        _width = decoder.Config.HiddenSize;
    }

    /// <summary>Completions of one domain after the other, each until so many tokens were emitted.</summary>
    public static IReadOnlyList<RecordedCompletion> Record(
        IDecoder decoder, Tokenizer tokenizer, IReadOnlyList<string> domains, int tokensPerDomain, int maxTokens)
    {
        var recorder = new StateRecorder(decoder);
        return [.. domains.SelectMany((domain, phase) => recorder.Record(decoder, tokenizer, domain, phase, tokensPerDomain, maxTokens))];
    }

    /// <inheritdoc/>
    public void OnVerified(DecodeSequence sequence, ReadOnlySpan<int> accepted, int emitted)
    {
        if (!_target.TryGetRows(sequence, out var rows)) return;
        var state = new float[_width];
        rows.Result.Hidden.Read(rows.Root, state);
        rows.Result.TopK([rows.Root], RecordedCompletion.TopK, _top);
        _rows[sequence.Id].Add((
            sequence.Tokens[^1], state, [.. _top.Select(t => t.Token)], [.. _top.Select(t => t.Token < 0 ? 0f : MathF.Exp(t.LogProb))]));
    }

    private IEnumerable<RecordedCompletion> Record(
        IDecoder decoder, Tokenizer tokenizer, string domain, int phase, int tokensPerDomain, int maxTokens)
    {
        var workload = WorkloadCatalog.Get(domain);
        var step = new SpeculativeDecoder(_target, new NoSpeculator(), new FixedPlanner(DraftBudget.None), new CoupledVerifier(), this);
        int emitted = 0;
        for (long index = 0; emitted < tokensPerDomain; index += Batch)
        {
            var batch = new BatchDecoder(step, Batch);
            _rows.Clear();
            for (int i = 0; i < Batch; i++)
            {
                int[] prompt = tokenizer.Encode(workload.Item(Split.Evaluation, 100 + (ulong)phase, index + i).Prompt, addSpecialTokens: false);
                if (prompt.Length + maxTokens > decoder.Options.ContextLength) continue;
                _rows.Add(index + i, []);
                batch.Add(new DecodeSequence(index + i, prompt, SamplingOptions.Greedy, new StopRules(maxTokens, decoder.Config.EndTokens), 1));
            }
            batch.Run();
            foreach (var (_, rows) in _rows.OrderBy(entry => entry.Key))
            {
                emitted += rows.Count;
                var states = new HostHiddenStates(rows.Count, _width);
                for (int i = 0; i < rows.Count; i++) rows[i].State.CopyTo(states.Writable(i));
                yield return new RecordedCompletion(
                    domain, [.. rows.Select(r => r.Token)], states, [.. rows.SelectMany(r => r.Top)], [.. rows.SelectMany(r => r.Probabilities)]);
            }
        }
    }
}
