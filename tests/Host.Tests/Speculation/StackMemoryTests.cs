using System.Diagnostics;
using Atlas.Compute.Cpu;
using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Core.Sampling;
using Atlas.Host.CommandLine;
using Atlas.Host.Models;
using Atlas.Host.Speculation;
using Atlas.Host.Tests.Running;
using Atlas.Modeling;
using Atlas.Modeling.Engine;
using Atlas.Trainer.Online;

namespace Atlas.Host.Tests.Speculation;

/// <summary>What a stack knows beside its weights, over restarts.</summary>
public sealed class StackMemoryTests : IClassFixture<TinyPair>, IDisposable
{
    private readonly CpuEngine _engine = new(new CpuEngineOptions { Threads = 1 });
    private readonly Scratch _scratch = new();
    private readonly ModelPair _pair;
    private readonly TinyPair _tiny;
    private long _nextId;

    public StackMemoryTests(TinyPair tiny)
    {
        _tiny = tiny;
        _pair = Open(tiny.Target);
    }

    [Fact]
    public void A_restart_goes_on_with_the_suffix_store_and_the_calibration()
    {
        long stored, bytes;
        float probability;
        using (var stack = Create(_pair))
        {
            Decode(stack, "one", 6);
            Decode(stack, "two", 2);
            stored = stack.Suffix!.Store("one")!.Stored;
            bytes = stack.Suffix.Bytes;
            probability = stack.Planner!.CalibratorOf("one", 0).Probability(0.9f);
            Assert.True(stored > 6 * 40);
        }
        using var resumed = Create(_pair);
        Assert.Equal(0, resumed.Memory!.Faults);
        Assert.Equal(["one", "two"], resumed.Suffix!.Namespaces.Order());
        Assert.Equal(stored, resumed.Suffix.Store("one")!.Stored);
        Assert.InRange(resumed.Suffix.Bytes, bytes / 2, bytes * 2);
        Assert.Equal(probability, resumed.Planner!.CalibratorOf("one", 0).Probability(0.9f), 0.02f);
        // The very first request of the old prompt is drafted from what was emitted before the restart.
        using var cold = Create(_pair, kept: false);
        var (warm, without) = (Decode(resumed, "one", 1), Decode(cold, "one", 1));
        Assert.Equal(without.Output.ToArray(), warm.Output.ToArray());
        Assert.True(warm.Statistics.AcceptanceLength > without.Statistics.AcceptanceLength, $"{warm.Statistics.AcceptanceLength}, cold {without.Statistics.AcceptanceLength}");
    }

    [Fact]
    public void What_another_target_or_tokenizer_learned_is_refused_in_one_line()
    {
        using (var stack = Create(_pair)) Decode(stack, "one", 1);
        string otherWeights = _tiny.Write("other-weights", _tiny.Config, noise: 0.5f);
        string otherTokens = _tiny.Write("other-tokens", _tiny.Config, vocabulary: TinyPair.Learn(2));
        foreach (string target in (string[])[otherWeights, otherTokens])
        {
            using var pair = Open(target);
            string message = Assert.Throws<CheckpointException>(() => Create(pair)).Message;
            Assert.Contains(_scratch.At("learned"), message);
            Assert.Contains("; expected ", message);
            Assert.DoesNotContain('\n', message);
        }
        Create(_pair).Dispose();
    }

    [Fact]
    public void Forgotten_namespaces_do_not_come_back()
    {
        using (var stack = Create(_pair))
        {
            Decode(stack, "kept", 1);
            Decode(stack, "gone", 1);
            stack.Memory!.Save();
            Assert.True(stack.Forget("gone") > 0);
        }
        using var resumed = Create(_pair);
        Assert.Equal(["kept"], resumed.Suffix!.Namespaces);
        Assert.DoesNotContain("gone", resumed.Planner!.Namespaces);
    }

    [Fact]
    public void A_damaged_checkpoint_is_passed_over_for_the_one_before()
    {
        long first;
        using (var stack = Create(_pair))
        {
            Decode(stack, "one", 2);
            stack.Memory!.Save();
            first = stack.Suffix!.Store("one")!.Stored;
            Decode(stack, "one", 2);
        }
        string newest = Directory.GetFiles(_scratch.At("learned"), "suffix.bin", SearchOption.AllDirectories).OrderDescending(StringComparer.Ordinal).First();
        byte[] content = File.ReadAllBytes(newest);
        content[content.Length / 2] ^= 1;
        File.WriteAllBytes(newest, content);
        using var resumed = Create(_pair);
        Assert.Equal((first, 0L), (resumed.Suffix!.Store("one")!.Stored, resumed.Memory!.Faults));
    }

    [UnixFact]
    public async Task Whatever_moment_the_process_dies_the_state_on_the_disk_is_whole()
    {
        // Checkpoints as often as can be, and copies of the directory taken meanwhile: what a restart would find.
        using var done = new CancellationTokenSource();
        int copies = 0;
        var copying = Task.Run(() => CopyUntil(() => Interlocked.Increment(ref copies), done.Token));
        using (var stack = Create(_pair, interval: TimeSpan.Zero))
        {
            for (int i = 0; i < 12 || Volatile.Read(ref copies) < 3; i++) Decode(stack, $"tenant {i % 3}", 1);
            Assert.True(stack.Memory!.Faults == 0, stack.Memory.LastFault);
        }
        await done.CancelAsync();
        await copying;
        int found = 0;
        for (int i = 0; i < copies; i++)
        {
            using var resumed = Create(_pair, folder: $"copy{i}");
            Assert.Equal(0, resumed.Memory!.Faults);
            foreach (string name in resumed.Suffix!.Namespaces) Assert.Null(resumed.Suffix.Store(name)!.CheckIntegrity());
            found += resumed.Suffix.Namespaces.Count;
        }
        Assert.True(found > 0);
    }

    [Fact]
    public void Stores_of_the_suffix_strategy_are_kept_though_nothing_is_trained()
    {
        using (var stack = Create(_pair, strategy: StrategyNames.Suffix)) Decode(stack, "one", 1);
        using var resumed = Create(_pair, strategy: StrategyNames.Suffix);
        Assert.False(resumed.Trainers.Any);
        Assert.True(resumed.Suffix!.Store("one")!.Stored > 40);
    }

    [UnixFact]
    public void Generate_goes_on_where_the_last_run_ended_also_after_runs_that_were_killed()
    {
        string[] arguments = ["--speculator", "suffix", "--prompt", "one two three", "--max-tokens", "60", "--ignore-end", "--checkpoints", _scratch.At("runs")];
        var first = _tiny.Generate(arguments);
        for (int i = 0; i < 2; i++)
        {
            using var process = AtlasProgram.Start(["generate", "--target", _tiny.Target, "--threads", "1", .. arguments]);
            Thread.Sleep(500 + 700 * i);
            process.Kill();
            process.WaitForExit();
        }
        var next = _tiny.Generate(arguments);
        Assert.Equal(first.Tokens, next.Tokens);
        Assert.True(next.Number("acceptance_length") > first.Number("acceptance_length"), $"{next.Number("acceptance_length")}");
        string other = _tiny.Write("another", _tiny.Config, noise: 0.3f);
        AtlasProgram.Run(["generate", "--target", other, "--threads", "1", .. arguments]).Refused(_scratch.At("runs"), "expected");
    }

    public void Dispose()
    {
        _pair.Dispose();
        _engine.Dispose();
        _scratch.Dispose();
    }

    private ModelPair Open(string target)
    {
        var pair = ModelPair.Open(new ModelChoice(target, null, WeightFormat.F32));
        pair.Load(_engine, new DecoderOptions { MaxSequences = 2, ContextLength = 512 }, withDraft: false);
        return pair;
    }

    private DecodingStack Create(
        ModelPair pair, bool kept = true, string folder = "learned", string strategy = StrategyNames.Auto, TimeSpan? interval = null) =>
        new StackFactory(_engine, pair).Create(new(strategy, DraftBudget.None), new StackOptions
        {
            // The same decisions whatever the machine is at.
            Guarded = false,
            Trainer = new OnlineTrainerOptions
            {
                CheckpointDirectory = kept ? _scratch.At(folder) : null,
                CheckpointInterval = interval ?? TimeSpan.FromHours(1),
            },
        });

    // The same prompt each time; returns the last sequence.
    private DecodeSequence Decode(DecodingStack stack, string name, int requests)
    {
        DecodeSequence sequence = null!;
        for (int i = 0; i < requests; i++)
        {
            sequence = new DecodeSequence(_nextId++, [5, 6, 7], SamplingOptions.Greedy, new StopRules(40, []), stack.DraftCapacity) { Namespace = name };
            stack.Begin();
            while (sequence.Finish is null)
            {
                stack.Decoder.Step([sequence]);
                stack.AfterStep();
            }
            stack.End();
            stack.Decoder.Release(sequence);
        }
        return sequence;
    }

    // Copies that hold a whole checkpoint count; one taken before the first shows nothing.
    private void CopyUntil(Action copied, CancellationToken end)
    {
        int copies = 0;
        while (!end.IsCancellationRequested && copies < 40)
        {
            string target = _scratch.At($"copy{copies}");
            // Not by this process: .NET locks what it opens, and who writes would notice. What vanishes meanwhile is missed, as it should be.
            var cp = new ProcessStartInfo("cp", ["-r", _scratch.At("learned"), target]) { RedirectStandardError = true };
            using (var process = Process.Start(cp)!)
            {
                process.StandardError.ReadToEnd();
                process.WaitForExit();
            }
            if (HoldsCheckpoint(target))
            {
                copies++;
                copied();
            }
            else if (Directory.Exists(target)) Directory.Delete(target, recursive: true);
            Thread.Sleep(5);
        }
    }

    // Of a store and its calibration; a learner's checkpoint says nothing of them.
    private bool HoldsCheckpoint(string directory) => new MemoryCheckpoints(directory, _pair.LearningFingerprint, 3).Newest().Count > 0;
}
