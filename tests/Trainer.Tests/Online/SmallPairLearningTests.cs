using Atlas.Compute.Cpu;
using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Core.Sampling;
using Atlas.Engine;
using Atlas.Evaluation.Scoring;
using Atlas.Evaluation.Workloads;
using Atlas.Modeling.Checkpoints;
using Atlas.Modeling.Engine;
using Atlas.Modeling.Tokenization;
using Atlas.Modeling.Training;
using Atlas.Speculator.Adaptive.Learned;
using Atlas.Target;
using Atlas.Trainer.Online;
using Xunit.Abstractions;

namespace Atlas.Trainer.Tests.Online;

/// <summary>Learning from served requests carries over to prompts that nobody has seen, on a real model.</summary>
public sealed class SmallPairLearningTests(ITestOutputHelper output)
{
    private const int Lookahead = 4;

    [Fact]
    [Trait("Speed", "slow")]
    public void Acceptance_on_unseen_prompts_rises_with_the_requests_served()
    {
        string directory = Path.Combine(Root(), "models", "small", "target");
        using var files = Checkpoint.Open(directory);
        var tokenizer = Tokenizer.Load(files.TokenizerPath!);
        using var engine = new CpuEngine(new CpuEngineOptions { Threads = 2 });
        using var decoder = engine.LoadDecoder(files.Config, files, new DecoderOptions { MaxRows = 256, MaxPending = 256 });
        var target = new TargetModel(decoder, Lookahead);
        var slots = new LearnedSlots();
        var trained = new TrainedTarget(
            engine, decoder, target, Lookahead, files.Fingerprint, new HeadConfig { IntermediateSize = 128, HotVocabularySize = 512 });
        using var trainer = new OnlineTrainer(trained, slots, new OnlineTrainerOptions { LeastLiveDrafts = 1000, IntakeShare = 1 });
        var speculator = new LearnedSpeculator(target, files.Config.VocabularySize, slots, new LearnedSpeculatorOptions());
        var encoding = new PromptEncoding(tokenizer, files.Config.EndTokens[0], files.Config.ContextLength, 96, directory);

        DecodeStatistics Serve(ulong seed, int first, int count, bool learns)
        {
            var statistics = new DecodeStatistics(Lookahead);
            var decoding = new SpeculativeDecoder(
                target, speculator, new FixedPlanner(DraftBudget.Chain(Lookahead)), new CoupledVerifier(), learns ? trainer.Observer : null);
            var prompts = HeldOutPrompt.Draw(WorkloadCatalog.Get("short-tools"), seed, first + count, encoding, SamplingOptions.Greedy).Skip(first);
            foreach (var prompt in prompts)
            {
                var stop = new StopRules(prompt.Request.MaxTokens, files.Config.EndTokens);
                var sequence = new DecodeSequence(1_000_000 * (long)seed + first++, prompt.Prompt, SamplingOptions.Greedy, stop, Lookahead);
                while (sequence.Finish is null)
                {
                    decoding.Step([sequence]);
                    if (!learns) continue;
                    trainer.Pump();
                    trainer.RunPieces(16);
                }
                decoding.Release(sequence);
                statistics.Add(sequence.Statistics);
            }
            return statistics;
        }

        Serve(1, 0, 20, learns: true);
        var early = Serve(2, 0, 20, learns: false);
        Serve(1, 20, 180, learns: true);
        var late = Serve(2, 0, 20, learns: false);
        output.WriteLine($"{early.AcceptanceLength:F2} {early.AcceptanceRate:F3} -> {late.AcceptanceLength:F2} {late.AcceptanceRate:F3}");
        output.WriteLine(trainer.Statistics.Namespaces[0].ToString());
        Assert.True(late.AcceptanceRate > 1.2 * early.AcceptanceRate, $"{early.AcceptanceRate} to {late.AcceptanceRate}");
        Assert.True(late.AcceptanceLength > 1.6, $"acceptance length {late.AcceptanceLength}");
    }

    private static string Root()
    {
        string directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "Atlas.sln"))) directory = Path.GetDirectoryName(directory)!;
        return directory;
    }
}
