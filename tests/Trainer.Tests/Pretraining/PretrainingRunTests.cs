using Atlas.Compute.Cpu;
using Atlas.Modeling;
using Atlas.Modeling.Checkpoints;
using Atlas.Trainer.Pretraining;

namespace Atlas.Trainer.Tests.Pretraining;

public sealed class PretrainingRunTests : IDisposable
{
    private static readonly ModelConfig Config = new()
    {
        ModelType = "qwen3",
        VocabularySize = 40,
        HiddenSize = 32,
        IntermediateSize = 48,
        Layers = 2,
        Heads = 2,
        KvHeads = 1,
        HeadDim = 16,
        ContextLength = 64,
        TiedEmbeddings = true,
        QkNorm = true,
        NormEpsilon = 1e-6f,
    };

    private static readonly PretrainingOptions Options = new()
    {
        Budget = new TrainingBudget(BudgetUnit.Steps, 20),
        BatchTokens = 300,
        MicroBatchTokens = 120,
        SequenceLength = 40,
        LearningRate = 1e-2,
        WarmupSteps = 4,
        EvaluationInterval = 5,
        EvaluationDocuments = 8,
        CheckpointInterval = 5,
    };

    private static readonly PretrainingData Data = new(
        new PatternDocuments(1, 40), [new HeldOutSet("first", new PatternDocuments(2, 40)), new HeldOutSet("second", new PatternDocuments(3, 40))]);

    private readonly CpuEngine _engine = new(new CpuEngineOptions { Threads = 2 });
    private readonly TemporaryDirectory _whole = new();
    private readonly TemporaryDirectory _broken = new();

    public void Dispose()
    {
        _engine.Dispose();
        _whole.Dispose();
        _broken.Dispose();
    }

    [Theory]
    [InlineData(13)]
    [InlineData(10)]
    [InlineData(3)]
    public void A_run_that_died_and_was_resumed_ends_with_the_same_bytes(int diesAfter)
    {
        using (var run = Open(_whole)) run.Run(null, CancellationToken.None);
        using (var run = Open(_broken))
            Assert.Throws<InvalidOperationException>(() => run.Run(p => DieAt(p, diesAfter), CancellationToken.None));
        using (var run = Open(_broken))
        {
            Assert.Equal(diesAfter / 5 * 5, run.Step);
            run.Run(null, CancellationToken.None);
        }
        AssertSameFiles();
    }

    [Fact]
    public void A_cancelled_run_saves_its_last_step_and_continues_from_it()
    {
        using (var run = Open(_whole)) run.Run(null, CancellationToken.None);
        using var cancellation = new CancellationTokenSource();
        using (var run = Open(_broken))
            Assert.Throws<OperationCanceledException>(() => run.Run(p => CancelAt(p, 7, cancellation), cancellation.Token));
        using (var run = Open(_broken))
        {
            Assert.Equal(7, run.Step);
            run.Run(null, CancellationToken.None);
        }
        AssertSameFiles();
    }

    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("optimizer.safetensors")]
    [InlineData("state.json")]
    [InlineData("config.json")]
    public void A_damaged_newest_checkpoint_is_passed_over(string file)
    {
        using (var run = Open(_whole)) run.Run(null, CancellationToken.None);
        using (var run = Open(_broken)) run.Run(null, CancellationToken.None);
        string path = Path.Combine(_broken.Path, "step-00000020", file);
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^7]);
        using (var run = Open(_broken))
        {
            Assert.Equal(15, run.Step);
            run.Run(null, CancellationToken.None);
        }
        AssertSameFiles();
    }

    [Fact]
    public void The_last_two_checkpoints_are_kept_and_strays_are_removed()
    {
        Directory.CreateDirectory(Path.Combine(_whole.Path, ".step-00000003.abc"));
        using (var run = Open(_whole)) run.Run(null, CancellationToken.None);
        Assert.Equal(["step-00000015", "step-00000020"], Directory.GetFileSystemEntries(_whole.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void A_finished_run_is_finished_when_opened_again()
    {
        using (var run = Open(_whole)) run.Run(null, CancellationToken.None);
        using var again = Open(_whole);
        var state = again.Run(_ => Assert.Fail("a step was made"), CancellationToken.None);
        Assert.Equal(20, state.Step);
        Assert.NotNull(state.HeldOut);
    }

    [Fact]
    public void It_learns_and_says_where_it_stands()
    {
        var reports = new List<PretrainingProgress>();
        using var run = PretrainingRun.Open(_engine, new PretrainingModel(Config, 1), Data, Options with
        {
            Budget = new TrainingBudget(BudgetUnit.Steps, 60),
        }, null, new ManualClock(TimeSpan.FromSeconds(1)));
        double untrained = run.MeasureHeldOut()!.All;
        var state = run.Run(reports.Add, CancellationToken.None);

        Assert.InRange(untrained, Math.Log(40) - 0.2, Math.Log(40) + 0.2);
        Assert.True(state.HeldOut!.All < untrained - 0.8, $"held-out loss {state.HeldOut.All}");
        Assert.Equal(Enumerable.Range(1, 60).Select(i => (long)i), reports.Select(r => r.Step));
        Assert.Equal(state.Tokens, reports[^1].Tokens);
        Assert.All(reports, r => Assert.Equal(r.Step / 60.0, r.Fraction, 1e-9));
        Assert.All(reports, r => Assert.Equal((double)r.Tokens / r.Step, r.TokensPerSecond, 1e-6 * r.TokensPerSecond));
        Assert.All(reports, r => Assert.Equal(60 - r.Step, r.TimeLeft.TotalSeconds, 1e-3));
        Assert.All(reports, r => Assert.True(r.GradientNorm > 0));
        Assert.Null(reports[3].HeldOut);
        Assert.NotNull(reports[4].HeldOut);
        Assert.Equal(2.5e-3, reports[0].LearningRate, 1e-5);
        Assert.Equal(1e-3, reports[^1].LearningRate, 1e-4);
        Assert.True(reports[4].LearningRate > 9e-3);
    }

    [Fact]
    public void A_budget_of_tokens_ends_with_the_step_that_reaches_it()
    {
        using var run = PretrainingRun.Open(_engine, new PretrainingModel(Config, 1), Data, Options with
        {
            Budget = new TrainingBudget(BudgetUnit.Tokens, 1000),
        }, null);
        long before = 0;
        var state = run.Run(p => before = p.Fraction < 1 ? p.Tokens : before, CancellationToken.None);
        Assert.True(before < 1000 && state.Tokens >= 1000 && state.Tokens <= before + 300);
    }

    [Fact]
    public void A_budget_of_minutes_counts_training_time_across_interruptions()
    {
        var options = Options with { Budget = new TrainingBudget(BudgetUnit.Minutes, 0.2) };
        PretrainingRun Timed() => PretrainingRun.Open(
            _engine, new PretrainingModel(Config, 1), Data, options, _broken.Path, new ManualClock(TimeSpan.FromSeconds(1)));
        using (var run = Timed()) Assert.Throws<InvalidOperationException>(() => run.Run(p => DieAt(p, 7), CancellationToken.None));
        using (var run = Timed()) Assert.Equal(12, run.Run(null, CancellationToken.None).Step);
    }

    [Fact]
    public void A_checkpoint_is_a_model_checkpoint_with_the_trained_weights()
    {
        using var run = Open(_whole);
        run.Run(null, CancellationToken.None);
        using var checkpoint = Checkpoint.Open(Path.Combine(_whole.Path, "step-00000020"));
        var trained = new WeightsInMemory();
        run.Decoder.ExportWeights(trained);
        foreach (var tensor in trained.Tensors)
        {
            var values = new float[tensor.Elements];
            checkpoint.Read(tensor.Name, values);
            Assert.Equal(trained.Values(tensor.Name).ToArray(), values);
        }
    }

    [Fact]
    public void A_loss_is_reported_for_every_held_out_set_and_over_all()
    {
        using var run = Open(_whole);
        var losses = run.Run(null, CancellationToken.None).HeldOut!;
        Assert.Equal(["first", "second"], losses.Sets.Keys);
        Assert.InRange(losses.All, losses.Sets.Values.Min(), losses.Sets.Values.Max());
        using var first = PretrainingRun.Open(
            _engine, new PretrainingModel(Config, 1), Data with { HeldOut = [Data.HeldOut[0]] }, Options with { EvaluationDocuments = 4 }, null);
        Assert.Equal(losses.Sets["first"], first.Run(null, CancellationToken.None).HeldOut!.All);
    }

    [Fact]
    public void A_run_whose_rate_falls_at_the_end_is_prolonged_from_before_the_fall()
    {
        var brief = Options with { DecayFraction = 0.4, CheckpointInterval = 4 };
        var longer = brief with { Budget = new TrainingBudget(BudgetUnit.Steps, 40) };
        using (var run = Open(_whole, longer)) run.Run(null, CancellationToken.None);
        using (var run = Open(_broken, brief)) run.Run(null, CancellationToken.None);
        Assert.Equal(["step-00000012", "step-00000016", "step-00000020"], Names(_broken));

        using (var run = Open(_broken, longer))
        {
            Assert.Equal(12, run.Step);
            Assert.Throws<InvalidOperationException>(() => run.Run(p => DieAt(p, 17), CancellationToken.None));
            Assert.Equal(["step-00000012", "step-00000016"], Names(_broken));
        }
        using (var run = Open(_broken, longer)) Assert.Equal(40, run.Run(null, CancellationToken.None).Step);
        AssertSameFiles("step-00000040");
    }

    [Fact]
    public void A_run_whose_rate_falls_from_the_start_or_has_begun_to_fall_is_not_prolonged()
    {
        var longer = new TrainingBudget(BudgetUnit.Steps, 40);
        using (var run = Open(_whole)) run.Run(null, CancellationToken.None);
        Assert.Throws<CheckpointException>(() => Open(_whole, Options with { Budget = longer }));
        var falling = Options with { DecayFraction = 0.9 };
        using (var run = Open(_broken, falling)) run.Run(null, CancellationToken.None);
        Assert.Throws<CheckpointException>(() => Open(_broken, falling with { Budget = longer }));
    }

    [Fact]
    public void The_rate_stands_and_then_falls_as_one_minus_a_root()
    {
        var options = Options with { DecayFraction = 0.25, FinalFraction = 0, WarmupSteps = 2 };
        Assert.Equal(0.5, LearningRateSchedule.At(options, 0, 0) / 1e-2, 1e-9);
        Assert.Equal(1.0, LearningRateSchedule.At(options, 1, 0.05) / 1e-2, 1e-9);
        Assert.Equal(1.0, LearningRateSchedule.At(options, 14, 0.75) / 1e-2, 1e-9);
        Assert.Equal(0.5, LearningRateSchedule.At(options, 16, 0.75 + 0.25 * 0.25) / 1e-2, 1e-9);
        Assert.Equal(0.0, LearningRateSchedule.At(options, 20, 1) / 1e-2, 1e-9);
    }

    [Fact]
    public void Another_model_or_other_options_are_refused()
    {
        using (var run = Open(_whole)) run.Run(null, CancellationToken.None);
        var model = new PretrainingModel(Config with { Layers = 3 }, 1);
        Assert.Throws<CheckpointException>(() => PretrainingRun.Open(_engine, model, Data, Options, _whole.Path));
        var other = Options with { LearningRate = 2e-2 };
        Assert.Throws<CheckpointException>(() => PretrainingRun.Open(_engine, new PretrainingModel(Config, 1), Data, other, _whole.Path));
    }

    [Fact]
    public void Options_out_of_range_are_refused_by_name()
    {
        var cases = new (PretrainingOptions Options, string Message)[]
        {
            (Options with { BatchTokens = 30 }, "BatchTokens is 30"),
            (Options with { MicroBatchTokens = 30 }, "MicroBatchTokens is 30"),
            (Options with { SequenceLength = 65 }, "SequenceLength is 65"),
            (Options with { SequenceLength = 0 }, "SequenceLength is 0"),
            (Options with { LearningRate = double.NaN }, "LearningRate is NaN"),
            (Options with { DecayFraction = -1 }, "DecayFraction is -1"),
            (Options with { FinalFraction = 1.5 }, "FinalFraction is 1.5"),
            (Options with { Budget = new TrainingBudget(BudgetUnit.Steps, 0) }, "Budget is 0"),
        };
        foreach (var (options, message) in cases)
        {
            var exception = Assert.Throws<ArgumentException>(
                () => PretrainingRun.Open(_engine, new PretrainingModel(Config, 1), Data, options, null));
            Assert.Contains(message, exception.Message, StringComparison.Ordinal);
        }
    }

    private static void DieAt(PretrainingProgress progress, int step)
    {
        if (progress.Step == step) throw new InvalidOperationException("killed");
    }

    private static void CancelAt(PretrainingProgress progress, int step, CancellationTokenSource cancellation)
    {
        if (progress.Step == step) cancellation.Cancel();
    }

    private PretrainingRun Open(TemporaryDirectory directory, PretrainingOptions? options = null) =>
        PretrainingRun.Open(_engine, new PretrainingModel(Config, 1), Data, options ?? Options, directory.Path);

    private static IEnumerable<string?> Names(TemporaryDirectory directory) =>
        Directory.GetFileSystemEntries(directory.Path).Select(Path.GetFileName).Order();

    private void AssertSameFiles(string checkpoint = "step-00000020")
    {
        foreach (string file in new[] { "model.safetensors", "optimizer.safetensors", "config.json" })
            Assert.Equal(
                File.ReadAllBytes(Path.Combine(_whole.Path, checkpoint, file)),
                File.ReadAllBytes(Path.Combine(_broken.Path, checkpoint, file)));
    }
}
