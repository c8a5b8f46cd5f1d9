using System.Globalization;
using Atlas.Compute.Cpu;
using Atlas.Controller.Latency;
using Atlas.Evaluation.Benchmarks;
using Atlas.Modeling;
using Atlas.Modeling.Checkpoints;
using Atlas.Modeling.Engine;
using Atlas.Modeling.Tokenization;
using Atlas.Modeling.Training;
using Xunit.Abstractions;

namespace Atlas.Evaluation.Tests.Benchmarks.Heads;

/// <summary>
/// Candidates for the head on hidden states, on the same recorded traffic: the table of docs/learned.md. ATLAS_HEAD_TARGET names the target's
/// directory (the small pair's by default), ATLAS_HEAD_DOMAINS its domains, ATLAS_HEAD_TOKENS the tokens of each, ATLAS_HEAD_ONLY the candidates.
/// </summary>
public sealed class HeadComparisonTests(ITestOutputHelper output)
{
    private const int Lookahead = 4;

    [Fact]
    public void The_linear_candidates_gradient_is_that_of_its_loss()
    {
        var config = new ModelConfig
        {
            ModelType = "llama",
            VocabularySize = 40,
            HiddenSize = 12,
            IntermediateSize = 16,
            Layers = 1,
            Heads = 2,
            KvHeads = 2,
            HeadDim = 6,
            ContextLength = 32,
        };
        using var linear = new LinearCandidate(new RandomWeights(config, 3), config, 20, 0.7f);
        linear.SetHotVocabulary([.. Enumerable.Range(5, 20)]);
        var random = new Random(1);
        var states = new HostHiddenStates(1, 12);
        foreach (ref float value in states.Writable(0)) value = (float)random.NextDouble() - 0.5f;
        var example = new HeadExample(states, 0, [3, 9, 17], [6, 7, 8, 9, 30, -1], [0.6f, 0.3f, 0.5f, 0.2f, 1f, 0f]);
        var (weights, gradient) = linear.Parameters;
        for (int i = 0; i < weights.Length; i++) weights[i] = 0.3f * ((float)random.NextDouble() - 0.5f);
        linear.Accumulate(example, 1f / 3);
        float[] analytic = [.. gradient];
        for (int probe = 0; probe < 60; probe++)
        {
            int i = random.Next(weights.Length);
            float kept = weights[i];
            weights[i] = kept + 1e-2f;
            double above = linear.Accumulate(example, 0);
            weights[i] = kept - 1e-2f;
            double below = linear.Accumulate(example, 0);
            weights[i] = kept;
            Assert.Equal((above - below) / 2e-2, analytic[i], 2e-3);
        }
    }

    [Fact]
    public void All_candidates_learn_what_a_target_repeats()
    {
        using var engine = new CpuEngine(new CpuEngineOptions { Threads = 1 });
        var (decoder, files, tokenizer) = Load(engine, null);
        using (decoder)
        using (files)
        {
            var stream = StateRecorder.Record(decoder, tokenizer, ["short-tools"], 400, 60);
            var comparison = new HeadComparison(Lookahead, 256, 3);
            foreach (var (name, make) in Candidates(engine, decoder, files, StateScale(stream), 64, 256, 512))
            {
                if (name.StartsWith("gated 128", StringComparison.Ordinal) || name.Contains("hot 512", StringComparison.Ordinal)) continue;
                using var candidate = make();
                var result = comparison.Run(candidate, stream, tokenizer.VocabularySize);
                Assert.True(result.ByQuarter[3] > result.ByQuarter[0], $"{name}: {string.Join(' ', result.ByQuarter)}");
                Assert.True(result.ByQuarter[3] > 1.1, $"{name}: {string.Join(' ', result.ByQuarter)}");
            }
        }
    }

    [Fact]
    [Trait("Speed", "slow")]
    public void Table()
    {
        string[] domains = Environment.GetEnvironmentVariable("ATLAS_HEAD_DOMAINS")?.Split(',') ?? ["short-tools", "short-arithmetic", "short-extraction", "short-edits"];
        int tokens = int.Parse(Environment.GetEnvironmentVariable("ATLAS_HEAD_TOKENS") ?? "1500", CultureInfo.InvariantCulture);
        string[] only = Environment.GetEnvironmentVariable("ATLAS_HEAD_ONLY")?.Split(',') ?? [];
        using var engine = new CpuEngine(new CpuEngineOptions { Threads = 1 });
        var (decoder, files, tokenizer) = Load(engine, Environment.GetEnvironmentVariable("ATLAS_HEAD_TARGET"));
        using (decoder)
        using (files)
        {
            var stream = StateRecorder.Record(decoder, tokenizer, domains, tokens, 96);
            var (plain, verify) = StepMicroseconds(decoder);
            var shape = decoder.Config;
            int width = Math.Min(256, shape.HiddenSize / 2), hot = Math.Min(1024, shape.VocabularySize / 4);
            output.WriteLine(Text($"{stream.Sum(c => c.Tokens.Length)} tokens; a forward over 1 row {plain:F0} us, over {Lookahead + 1} rows {verify:F0} us"));
            UseShipped(engine, decoder, width, hot, stream, tokenizer.VocabularySize);
            foreach (var (name, make) in Candidates(engine, decoder, files, StateScale(stream), width, hot, 4 * hot))
            {
                if (only.Length > 0 && !only.Any(part => name.Contains(part, StringComparison.Ordinal))) continue;
                using var candidate = make();
                int size = name.Contains($"hot {4 * hot}", StringComparison.Ordinal) ? 4 * hot : name.Contains($"hot {2 * hot}", StringComparison.Ordinal) ? 2 * hot : hot;
                var result = new HeadComparison(Lookahead, size, 3).Run(candidate, stream, tokenizer.VocabularySize);
                output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {name} | {result.AcceptanceLength:F3} | {string.Join(' ', result.ByQuarter.Select(q => q.ToString("F2", CultureInfo.InvariantCulture)))} "
                    + $"| {string.Join(", ", result.ByDomain.Select(d => Text($"{d.Key} {d.Value:F2}")))} | {result.Weights / 1e6:F2} M | {result.MicrosecondsPerDraft:F0} "
                    + $"| {result.MicrosecondsPerWindow:F0} | {result.GoodputOverPlain(Lookahead, plain, verify, result.MicrosecondsPerDraft):F2} |"));
                Assert.True(result.AcceptanceLength > 1, name);
            }
        }
    }

    // The first candidate would be timed with cold code.
    private static void UseShipped(CpuEngine engine, IDecoder decoder, int width, int hot, IReadOnlyList<RecordedCompletion> stream, int vocabulary)
    {
        using var candidate = new UnrolledCandidate(engine, decoder, new HeadConfig { IntermediateSize = width, HotVocabularySize = hot });
        new HeadComparison(Lookahead, hot, 3).Run(candidate, [.. stream.Take(3)], vocabulary);
    }

    private static IEnumerable<(string Name, Func<IHeadCandidate> Make)> Candidates(
        CpuEngine engine, IDecoder decoder, IWeightSource files, float stateScale, int width, int hot, int largeHot)
    {
        HeadConfig Shape(int intermediate, int rows, WeightFormat format = WeightFormat.BF16) =>
            new() { IntermediateSize = intermediate, HotVocabularySize = rows, DraftFormat = format };
        yield return ($"gated {width}, hot {hot}, state fed forward", () => new UnrolledCandidate(engine, decoder, Shape(width, hot)));
        yield return ($"gated {width}, hot {hot}, int8", () => new UnrolledCandidate(engine, decoder, Shape(width, hot, WeightFormat.Int8)));
        yield return ($"gated {width / 2}, hot {hot}", () => new UnrolledCandidate(engine, decoder, Shape(width / 2, hot)));
        yield return ($"gated {2 * width}, hot {hot}", () => new UnrolledCandidate(engine, decoder, Shape(2 * width, hot)));
        if (largeHot == 4 * hot) yield return ($"gated {width}, hot {2 * hot}", () => new UnrolledCandidate(engine, decoder, Shape(width, 2 * hot)));
        yield return ($"gated {width}, hot {largeHot}", () => new UnrolledCandidate(engine, decoder, Shape(width, largeHot)));
        yield return ($"gated {width}, one head, every depth from the target's state", () => new PerDepthCandidate(engine, decoder, Shape(width, hot), 1));
        yield return ($"gated {width}, a head for each depth from the target's state", () => new PerDepthCandidate(engine, decoder, Shape(width, hot), Lookahead));
        yield return ("one linear map, state fed forward", () => new LinearCandidate(files, decoder.Config, hot, stateScale));
    }

    private static float StateScale(IReadOnlyList<RecordedCompletion> stream)
    {
        var state = new float[stream[0].States.Width];
        double sum = 0;
        for (int i = 0; i < stream[0].States.Count; i++)
        {
            stream[0].States.Read(i, state);
            sum += Math.Sqrt(state.Sum(v => (double)v * v) / state.Length);
        }
        return (float)(sum / stream[0].States.Count);
    }

    private static (double Plain, double Verify) StepMicroseconds(IDecoder decoder)
    {
        using var probe = new TargetProbe(decoder, 8);
        var profile = LatencyProfile.Measure(probe, 9);
        var latency = new TargetLatency(profile);
        return (1e6 * latency.Seconds(1, profile.Context), 1e6 * latency.Seconds(1 + Lookahead, profile.Context));
    }

    private static (IDecoder Decoder, Checkpoint Files, Tokenizer Tokenizer) Load(CpuEngine engine, string? directory)
    {
        directory ??= Path.Combine(Root(), "models", "small", "target");
        var files = Checkpoint.Open(directory);
        var options = new DecoderOptions { Format = WeightFormat.BF16, MaxSequences = 10, ContextLength = Math.Min(512, files.Config.ContextLength) };
        return (engine.LoadDecoder(files.Config, files, options), files, Tokenizer.Load(files.TokenizerPath!));
    }

    private static string Text(FormattableString text) => FormattableString.Invariant(text);

    private static string Root()
    {
        string directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "Atlas.sln"))) directory = Path.GetDirectoryName(directory)!;
        return directory;
    }
}
