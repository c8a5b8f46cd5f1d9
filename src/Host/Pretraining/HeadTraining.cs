using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Core.Sampling;
using Atlas.Engine;
using Atlas.Evaluation.Recipes;
using Atlas.Evaluation.Workloads;
using Atlas.Host.CommandLine;
using Atlas.Host.Models;
using Atlas.Host.Speculation;
using Atlas.Modeling;
using Atlas.Modeling.Engine;
using Atlas.Trainer.Online;

namespace Atlas.Host.Pretraining;

/// <summary>
/// Trains the head that the learned speculator begins with: the target completes training prompts, and the trainer that works in service learns
/// from what it writes. The best version by its shadow tests is what is shipped.
/// </summary>
/// <param name="engine">Decodes and learns.</param>
/// <param name="recipe">From what.</param>
/// <param name="seed">Chooses prompts and initial weights.</param>
internal sealed class HeadTraining(IComputeEngine engine, HeadRecipe recipe, ulong seed)
{
    private const double LearningShare = 0.5;
    private const double ReservoirShare = 0.7;

    /// <summary>Trains and writes the head into the target's directory; returns what was published.</summary>
    /// <param name="directory">The target's directory.</param>
    /// <param name="progress">Hears of emitted tokens and of the trainer, after every round of requests.</param>
    /// <param name="cancellation">Ends it without a file.</param>
    /// <exception cref="CheckpointException">The target cannot be read, or nothing was worth publishing.</exception>
    public LearnedWeights Run(string directory, Action<long, TrainerStatistics> progress, CancellationToken cancellation)
    {
        using var pair = ModelPair.Open(new ModelChoice(directory, null, WeightFormat.BF16));
        pair.Load(engine, new DecoderOptions { MaxSequences = recipe.Batch }, withDraft: false);
        var stackOptions = new StackOptions { FixedBudget = true, Without = [StrategyNames.LearnedText], Bases = LearnedBases.None, Trainer = Options() };
        using var stack = new StackFactory(engine, pair, recipe.Batch).Create(new SpeculationChoice(StrategyNames.Learned, DraftBudget.None), stackOptions);
        var trainer = stack.Trainers.States ?? throw new UsageException("a head is trained on the engine cpu; expected --engine cpu");
        Decode(stack, pair, trainer, progress, cancellation);
        var published = trainer.Published(DecodeSequence.DefaultNamespace)
            ?? throw new CheckpointException($"{directory}: no version of the head drafted better than none; expected more tokens in head.tokens");
        HeadFile.Write(directory, published, pair.LearningFingerprint);
        return published;
    }

    private void Decode(
        DecodingStack stack, ModelPair pair, OnlineTrainer trainer, Action<long, TrainerStatistics> progress, CancellationToken cancellation)
    {
        var tokenizer = pair.RequireTokenizer();
        var workloads = recipe.Domains.Select(WorkloadCatalog.Get).ToList();
        long emitted = 0, index = 0;
        stack.Begin();
        while (emitted < recipe.Tokens)
        {
            var batch = new BatchDecoder(stack.Decoder, recipe.Batch);
            var sequences = new List<DecodeSequence>();
            // A round of a few batches, so that most steps are full.
            for (int i = 0; i < 8 * recipe.Batch; i++, index++)
            {
                var workload = workloads[(int)(index % workloads.Count)];
                int[] prompt = tokenizer.Encode(workload.Item(Split.Training, seed, index).Prompt, addSpecialTokens: false);
                int room = Math.Min(recipe.MaxTokens, pair.Config.ContextLength - prompt.Length);
                if (prompt.Length == 0 || room < 2) continue;
                var sequence = new DecodeSequence(index, prompt, SamplingOptions.Greedy, new StopRules(room, pair.Config.EndTokens), stack.DraftCapacity);
                sequences.Add(sequence);
                batch.Add(sequence);
            }
            bool left = true;
            while (left)
            {
                cancellation.ThrowIfCancellationRequested();
                left = batch.Step();
                stack.AfterStep();
            }
            emitted += sequences.Sum(sequence => (long)sequence.Output.Length);
            progress(emitted, trainer.Statistics);
        }
        stack.End();
    }

    private OnlineTrainerOptions Options() => new()
    {
        TrainingShare = LearningShare,
        LeastShare = LearningShare,
        IntakeShare = 1,
        MostCredit = TimeSpan.FromMilliseconds(20),
        ChannelCapacity = 1024,
        RecentWindows = 1 << 14,
        ReservoirWindows = 1 << 15,
        ReservoirShare = ReservoirShare,
        HeldOutStride = 12,
        HeldOutWindows = 512,
        LeastHeldOut = 32,
        BatchWindows = 16,
        PassesPerWindow = recipe.Passes,
        UpdatesPerCandidate = 64,
        Patience = int.MaxValue,
        MemoryLimit = 2L << 30,
        Seed = seed,
    };
}
