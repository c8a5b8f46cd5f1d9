using Atlas.Evaluation.Recipes;
using Atlas.Evaluation.Workloads;
using Atlas.Modeling.Tokenization;
using Atlas.Modeling.Tokenization.Training;

namespace Atlas.Evaluation.Tests.Recipes;

/// <summary>A vocabulary learned from a few workload items.</summary>
internal static class TestVocabulary
{
    private static readonly Lazy<Tokenizer> Learned = new(() => Learn(WorkloadDocuments.EndToken).ToTokenizer());

    public static Tokenizer Tokenizer => Learned.Value;

    public static int End => Tokenizer.TokenToId(WorkloadDocuments.EndToken)!.Value;

    public static TrainedTokenizer Learn(params string[] special)
    {
        var texts = WorkloadCatalog.Small.SelectMany(workload => Enumerable.Range(0, 30).Select(i => workload.Item(Split.Training, 1, i)))
            .SelectMany(item => (string[])[item.Prompt, item.Completion]);
        return BpeTrainer.Train(texts, new BpeTrainerOptions { VocabularySize = 400, SpecialTokens = special, Style = TokenizerStyle.Qwen2 });
    }
}
