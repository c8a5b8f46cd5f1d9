using Atlas.Evaluation.Text;
using Atlas.Evaluation.Workloads;
using Atlas.Modeling;
using Atlas.Modeling.Checkpoints;
using Atlas.Modeling.Engine;
using Atlas.Modeling.Tokenization;
using Atlas.Modeling.Tokenization.Training;
using Atlas.Trainer.Pretraining;

namespace Atlas.Evaluation.Recipes;

/// <summary>
/// Makes a model pair from its recipe: <c>target</c> and <c>draft</c>, each a Hugging Face directory with weights in bf16, the tokenizer, and
/// a <see cref="TrainingRecord"/>. Checkpoints of both runs go to a working directory, from which an interrupted training continues.
/// </summary>
/// <param name="engine">Trains.</param>
/// <param name="recipe">What to make.</param>
/// <param name="corpus">Real text; null where the recipe asks for none.</param>
/// <param name="output">Where the models go.</param>
/// <param name="work">Where checkpoints go.</param>
public sealed class PairTraining(IComputeEngine engine, PairRecipe recipe, Corpus? corpus, string output, string work)
{
    // So many documents tell one stream of items, in one vocabulary, from another.
    private const int IdentifyingDocuments = 64;

    /// <summary>Learns the vocabulary from training items and training text.</summary>
    public TrainedTokenizer TrainTokenizer()
    {
        var workloads = recipe.Tokenizer.Domains.Select(WorkloadCatalog.Get).ToList();
        return BpeTrainer.Train(Texts(workloads).Concat(RealTexts()), new BpeTrainerOptions
        {
            VocabularySize = recipe.Tokenizer.VocabularySize,
            SpecialTokens = [WorkloadDocuments.EndToken],
            Style = TokenizerStyle.Qwen2,
        });
    }

    /// <summary>Trains the target, or the draft model, and writes it; returns where its run ended.</summary>
    /// <param name="tokenizer">The pair's vocabulary.</param>
    /// <param name="draft">The draft model rather than the target.</param>
    /// <param name="progress">Called after every update.</param>
    /// <param name="cancellation">Ends the run between two updates, with a checkpoint.</param>
    public PretrainingState TrainModel(
        TrainedTokenizer tokenizer, bool draft, Action<PretrainingProgress>? progress, CancellationToken cancellation)
    {
        string name = draft ? "draft" : "target";
        var model = draft ? recipe.Draft : recipe.Target;
        var vocabulary = tokenizer.ToTokenizer();
        int end = vocabulary.TokenToId(WorkloadDocuments.EndToken)!.Value;
        var config = model.ToConfig(tokenizer.VocabularySize, end);
        var data = Data(model, vocabulary);
        string checkpoints = Path.Combine(work, name);
        TrainingIdentity.Claim(checkpoints, recipe.Seed, data.Training, IdentifyingDocuments);
        var (weights, state) = new StagedTraining(engine, recipe.Seed, progress, cancellation).Run(model, config, data, checkpoints);
        Directory.CreateDirectory(output);
        string directory = Path.Combine(output, name);
        CheckpointWriter.Write(directory, config, weights, WeightType.BF16);
        tokenizer.Save(Path.Combine(directory, "tokenizer.json"));
        TrainingRecord.Of(model, recipe.Seed, state).Write(directory);
        return state;
    }

    private PretrainingData Data(ModelRecipe model, Tokenizer tokenizer)
    {
        var workloads = model.Domains.Select(WorkloadCatalog.Get).ToList();
        IDocumentSource training = new WorkloadDocuments(tokenizer, workloads, Split.Training, recipe.Seed, model.PromptWeight, model.SurpriseWeight);
        List<HeldOutSet> heldOut = [.. workloads.Distinct().Select(workload => new HeldOutSet(
            workload.Domain, new WorkloadDocuments(tokenizer, [workload], Split.Evaluation, recipe.Seed, 0f)))];
        if (model.TextShare == 0 || corpus is null) return new PretrainingData(training, heldOut);
        var text = new CorpusDocuments(tokenizer, corpus.Training, model.TextWeight, recipe.Seed);
        heldOut.Add(new HeldOutSet("text", new CorpusDocuments(tokenizer, corpus.HeldOut, 1f, recipe.Seed)));
        return new PretrainingData(new MixedDocuments(training, text, model.TextShare), heldOut);
    }

    // Shuffled, so that a part of the text is a part of every package.
    private IEnumerable<string> RealTexts()
    {
        if (corpus is null || corpus.Training.Count == 0) yield break;
        var order = new EpochOrder(corpus.Training.Count, recipe.Seed);
        int left = recipe.Tokenizer.TextCharacters;
        for (int i = 0; i < order.Count && left > 0; i++)
        {
            string text = corpus.Training[order.At(i)].Text;
            left -= text.Length;
            yield return text;
        }
    }

    private IEnumerable<string> Texts(IReadOnlyList<IWorkload> workloads)
    {
        foreach (var workload in workloads)
            for (int i = 0; i < recipe.Tokenizer.ItemsPerDomain; i++)
            {
                var item = workload.Item(Split.Training, recipe.Seed, i);
                yield return item.Prompt;
                yield return item.Completion;
            }
    }
}
