using Atlas.Compute.Cpu;
using Atlas.Core.Sampling;
using Atlas.Engine;
using Atlas.Evaluation.Comparison;
using Atlas.Evaluation.Scoring;
using Atlas.Evaluation.Tests.Recipes;
using Atlas.Evaluation.Workloads;
using Atlas.Modeling;
using Atlas.Modeling.Engine;
using Atlas.Target;

namespace Atlas.Evaluation.Tests.Scoring;

/// <summary>The model card of a random model: what it must say is known from decoding the same tasks by hand.</summary>
public sealed class ModelCardTests : IDisposable
{
    private static readonly ModelConfig Config = new()
    {
        ModelType = "llama",
        VocabularySize = TestVocabulary.Tokenizer.VocabularySize,
        HiddenSize = 16,
        IntermediateSize = 32,
        Layers = 1,
        Heads = 2,
        KvHeads = 1,
        HeadDim = 8,
        ContextLength = 512,
        EndTokens = [TestVocabulary.End],
    };

    private static readonly PromptEncoding Encoding = new(TestVocabulary.Tokenizer, TestVocabulary.End, 512, 40, "the model");

    private readonly CpuEngine _engine = new(new CpuEngineOptions { Threads = 1 });
    private readonly IDecoder _target;

    public ModelCardTests() => _target = _engine.LoadDecoder(Config, new RandomWeights(Config, 3), new DecoderOptions { MaxSequences = 6 });

    public void Dispose()
    {
        _target.Dispose();
        _engine.Dispose();
    }

    [Fact]
    public void Prompts_are_of_the_evaluation_split_and_end_with_the_end_token()
    {
        var workload = WorkloadCatalog.Small[1];
        var prompts = Draw(workload, 10);
        for (int i = 0; i < 10; i++)
        {
            var item = workload.Item(Split.Evaluation, 7, i);
            Assert.Equal(item.Prompt, prompts[i].Item.Prompt);
            Assert.Equal(item.Completion, TestVocabulary.Tokenizer.Decode(prompts[i].Completion, skipSpecialTokens: true));
            Assert.Equal(TestVocabulary.End, prompts[i].Completion[^1]);
            Assert.True(prompts[i].Request.Accepts!(prompts[i].Completion.AsMemory(0, prompts[i].Completion.Length - 1)));
        }
        var narrow = Encoding with { ContextLength = prompts[0].Prompt.Length };
        Assert.Contains(
            workload.Domain,
            Assert.Throws<CheckpointException>(() => HeldOutPrompt.Draw(workload, 7, 1, narrow, SamplingOptions.Greedy)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Completions_are_those_of_decoding_one_by_one_and_every_figure_counts_them()
    {
        var prompts = Draw(WorkloadCatalog.Small[1], 9);
        var greedy = new List<int[]>();
        var score = new CompletionScoring(_target, _target, batch: 3).Score(prompts, (_, tokens) => greedy.Add(tokens.ToArray()));
        var alone = new CompletionScoring(_target, null, batch: 1).Score(prompts);

        var scorer = new SequenceScorer(_target);
        var expected = prompts.Select(p => scorer.Score(p.Prompt, p.Completion)).ToList();
        Assert.Equal(9, score.Requests);
        Assert.Equal((double)expected.Sum(s => s.Loss) / expected.Sum(s => s.Tokens), score.Loss, 1e-9);
        Assert.Equal(score.Loss, score.DraftLoss, 1e-9);
        Assert.Equal(double.NaN, alone.DraftLoss);
        Assert.Equal(greedy.Count(t => t[^1] == TestVocabulary.End) / 9.0, score.Ended, 1e-9);
        Assert.Equal(greedy.Count(t => Repetition.Occurs(t, 8, 4)) / 9.0, score.Repeating, 1e-9);
        Assert.Equal(0, score.ExactMatch);
        Assert.Equal((alone.Ended, alone.Repeating, alone.Loss, alone.Entropy), (score.Ended, score.Repeating, score.Loss, score.Entropy));
        Assert.InRange(score.Entropy, 1, Math.Log(Config.VocabularySize));
    }

    [Fact]
    public void A_card_has_a_row_for_every_domain_and_totals_of_what_the_draft_has_seen_and_not()
    {
        var comparison = new StrategyComparison([Strategy("plain"), Strategy("static")], Config.EndTokens);
        var builder = new ModelCardBuilder(new CompletionScoring(_target, null, 4), comparison, [WorkloadCatalog.Small[0].Domain]);
        foreach (var workload in WorkloadCatalog.Small.Take(3))
            builder.Add(workload.Domain, Draw(workload, 3), timed: 2, tokens => TestVocabulary.Tokenizer.Decode(tokens.Span, skipSpecialTokens: true));
        var card = builder.Build();

        Assert.Equal(WorkloadCatalog.Small.Take(3).Select(w => w.Domain), card.Domains.Select(row => row.Name));
        Assert.Equal([true, false, false], card.Domains.Select(row => row.SeenByDraft));
        Assert.Equal([(true, 3, 2), (false, 6, 4), (null, 9, 6)], card.Totals.Select(r => (r.SeenByDraft, (int)r.Completions.Requests, (int)r.Plain!.Requests)));
        Assert.Equal(card.Domains.Skip(1).Sum(row => row.Static!.Statistics.Emitted), card.Totals[1].Static!.Statistics.Emitted);
        Assert.Equal(0, card.Differences);

        string[] lines = ModelCardMarkdown.Write(card).Split('\n');
        int cells = lines[0].Count(c => c == '|');
        Assert.All(lines[..8], line => Assert.Equal(cells, line.Count(c => c == '|')));
        Assert.Equal(["yes", "no", "no", "yes", "no", ""], lines[2..8].Select(line => line.Split('|')[2].Trim()));
        Assert.DoesNotContain("draft's loss", lines[0], StringComparison.Ordinal);
        Assert.All(card.Samples, sample => Assert.Contains(sample.Prompt, ModelCardMarkdown.Write(card), StringComparison.Ordinal));
    }

    private Strategy Strategy(string name) => new(
        name, new SpeculativeDecoder(new TargetModel(_target, 0), new NoSpeculator(), new FixedPlanner(default), new CoupledVerifier()), 0);

    private static IReadOnlyList<HeldOutPrompt> Draw(IWorkload workload, int count) =>
        HeldOutPrompt.Draw(workload, 7, count, Encoding, SamplingOptions.Greedy);
}
