using Atlas.Compute.Cpu;
using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Core.Sampling;
using Atlas.Engine;
using Atlas.Modeling;
using Atlas.Modeling.Checkpoints;
using Atlas.Modeling.Engine;
using Atlas.Modeling.Tokenization;
using Atlas.Target;
using Xunit.Abstractions;

namespace Atlas.Compute.Torch.Tests;

/// <summary>
/// Greedy texts of the shipped models in f32 against the embedded engine's: equal up to where two tokens are as good as tied. Every first
/// divergence is printed with the gap between the two best logits there, as the embedded engine computes them.
/// </summary>
public sealed class GreedyAgreementTests(ITestOutputHelper output)
{
    private const int Output = 128;
    private const int LongestPrompt = 256;
    private const float Tie = 1e-4f;

    [Theory]
    [Trait("Speed", "slow")]
    [InlineData("small/target")]
    [InlineData("small/draft")]
    [InlineData("reference/target")]
    [InlineData("reference/draft")]
    public void Texts_part_only_at_ties(string model)
    {
        string directory = Find(model);
        using var checkpoint = Checkpoint.Open(directory);
        int[][] prompts = Encode(Tokenizer.Load(Path.Combine(directory, "tokenizer.json")));
        using var cpu = new CpuEngine();
        using var torch = TorchUnderTest.CreateWithAllThreads();
        using var embedded = Load(cpu, checkpoint);
        using var device = Load(torch, checkpoint);
        var expected = Decode(embedded, prompts);
        var actual = Decode(device, prompts);
        int parted = 0;
        for (int i = 0; i < prompts.Length; i++)
        {
            int common = expected[i].Output.CommonPrefixLength(actual[i].Output);
            Assert.Equal(Output, expected[i].Output.Length);
            if (common == Output) continue;
            parted++;
            float gap = GapAfter(embedded, expected[i].Tokens[..(prompts[i].Length + common)]);
            output.WriteLine($"{model}: prompt {i} parts after {common} tokens ({expected[i].Output[common]} against {actual[i].Output[common]}), gap {gap:g4}");
            Assert.True(gap < Tie, $"{model}: prompt {i} parts after {common} tokens, where the two best are {gap} apart");
        }
        output.WriteLine($"{model}: {prompts.Length - parted} of {prompts.Length} texts of {Output} tokens equal, {parted} part at ties");
    }

    private static IDecoder Load(IComputeEngine engine, Checkpoint checkpoint) => engine.LoadDecoder(
        checkpoint.Config,
        checkpoint,
        new DecoderOptions { Format = WeightFormat.F32, MaxSequences = 17, MaxRows = 512, MaxPending = 512, ContextLength = 448 });

    // Fifty lines: questions, code, logs, tables, half sentences.
    private static int[][] Encode(Tokenizer tokenizer)
    {
        using var reader = new StreamReader(typeof(GreedyAgreementTests).Assembly.GetManifestResourceStream("prompts.txt")!);
        int[][] prompts =
            [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => tokenizer.Encode(line, addSpecialTokens: true))];
        Assert.Equal(50, prompts.Length);
        Assert.All(prompts, prompt => Assert.InRange(prompt.Length, 1, LongestPrompt));
        return prompts;
    }

    private static DecodeSequence[] Decode(IDecoder target, int[][] prompts)
    {
        var step = new SpeculativeDecoder(new TargetModel(target, 1), new NoSpeculator(), new FixedPlanner(DraftBudget.None), new CoupledVerifier());
        var batch = new BatchDecoder(step, 16);
        var sequences = prompts
            .Select((prompt, i) => new DecodeSequence(i, prompt, SamplingOptions.Greedy, new StopRules(Output, []), draftCapacity: 1))
            .ToArray();
        foreach (var sequence in sequences) batch.Add(sequence);
        batch.Run();
        return sequences;
    }

    private static float GapAfter(IDecoder decoder, ReadOnlySpan<int> tokens)
    {
        using var sequence = decoder.OpenSequence();
        var plan = new BatchPlan();
        plan.Begin(sequence);
        plan.AddChain(tokens, BatchPlan.NoParent, lastOutput: true);
        var best = new SampledToken[2];
        decoder.Forward(plan).TopK([plan.Rows - 1], 2, best);
        return best[0].Score - best[1].Score;
    }

    private static string Find(string model)
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            string found = Path.Combine(directory.FullName, "models", model);
            if (File.Exists(Path.Combine(found, "config.json"))) return found;
        }
        throw new DirectoryNotFoundException($"models/{model} above {AppContext.BaseDirectory}");
    }
}
