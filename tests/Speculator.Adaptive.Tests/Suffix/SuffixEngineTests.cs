using Atlas.Compute.Cpu;
using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Core.Sampling;
using Atlas.Engine;
using Atlas.Modeling;
using Atlas.Modeling.Checkpoints;
using Atlas.Modeling.Engine;
using Atlas.Speculator.Adaptive.Suffix;
using Atlas.Speculator.Adaptive.Tests.Suffix.Recorded;
using Atlas.Target;

namespace Atlas.Speculator.Adaptive.Tests.Suffix;

/// <summary>The speculator in the engine, on the small pair's target: the same tokens as without it, and no draft that a grammar refuses.</summary>
public sealed class SuffixEngineTests : IDisposable
{
    private const int MaxNodes = 16;

    private readonly CpuEngine _engine = new(new CpuEngineOptions { Threads = 1 });
    private readonly Checkpoint _checkpoint = Checkpoint.Open(Path.Combine(RecordedTraffic.Root, "models", "small", "target"));
    private readonly IDecoder _target;

    public SuffixEngineTests() =>
        _target = _engine.LoadDecoder(_checkpoint.Config, _checkpoint, new DecoderOptions { MaxSequences = 4, ContextLength = 512 });

    [Theory]
    [InlineData("greedy")]
    [InlineData("temperature")]
    [InlineData("penalties")]
    public void Output_is_that_of_plain_decoding(string sampling)
    {
        var plain = Run(DraftBudget.None, sampling, out _);
        Assert.All(plain, sequence => Assert.NotEmpty(sequence.Output.ToArray()));
        foreach (var budget in new[] { DraftBudget.Chain(1), DraftBudget.Chain(6), new DraftBudget(4, 16, 3) })
        {
            var speculative = Run(budget, sampling, out long accepted);
            Assert.True(accepted > 0);
            SameTexts.Assert(plain, speculative);
            Assert.Equal(plain.Select(sequence => sequence.Finish), speculative.Select(sequence => sequence.Finish));
        }
    }

    [Theory]
    [InlineData(6, 6, 1)]
    [InlineData(5, 16, 3)]
    public void A_path_that_a_grammar_refuses_is_not_drafted(int depth, int nodes, int branches)
    {
        // The text of the namespace leaves the grammar at every seventh token.
        static (int A, int B) Script(int index) => (100 + index, 300 + index);
        var speculator = new SuffixSpeculator(new SuffixOptions { VocabularySize = _target.Config.VocabularySize, MinPathConfidence = 0f });
        for (int copy = 0; copy < 3; copy++)
        {
            int[] text = [50, 51, 52, 53, .. Enumerable.Range(0, 100).Select(i => i % 7 == 6 ? 7 : copy == 0 ? Script(i).B : Script(i).A)];
            var stored = new DecodeSequence(copy, text, SamplingOptions.Greedy, new StopRules(1, []), 1);
            speculator.Release(stored);
        }
        var options = new SamplingOptions { Temperature = 1f, Seed = 3, Constraint = new ScriptConstraint(_target.Config.VocabularySize, Script) };
        var sequences = Enumerable.Range(10, 3).Select(id => new DecodeSequence(
            id, [50, 51, 52, 53], options with { Seed = (ulong)id }, new StopRules(60, []), MaxNodes)).ToArray();
        var decoder = Decoder(speculator, new DraftBudget(depth, nodes, branches));
        var batch = new BatchDecoder(decoder, 4);
        foreach (var sequence in sequences) batch.Add(sequence);
        batch.Run();
        Assert.All(sequences, sequence => Assert.Equal(60, sequence.Output.Length));
        Assert.True(sequences.Sum(sequence => sequence.Statistics.Accepted) > 0);
    }

    public void Dispose()
    {
        _target.Dispose();
        _checkpoint.Dispose();
        _engine.Dispose();
    }

    private DecodeSequence[] Run(DraftBudget budget, string sampling, out long accepted)
    {
        var speculator = new SuffixSpeculator(new SuffixOptions { VocabularySize = _target.Config.VocabularySize });
        var requests = RecordedTraffic.Get("workloads", 2);
        var sequences = requests.Select((request, i) => new DecodeSequence(
            i, request.Prompt, Options(sampling, i), new StopRules(48, []), MaxNodes)
        { Namespace = request.Namespace }).ToArray();
        var batch = new BatchDecoder(Decoder(budget.Depth == 0 ? new NoSpeculator() : speculator, budget), 4);
        foreach (var sequence in sequences) batch.Add(sequence);
        batch.Run();
        accepted = sequences.Sum(sequence => sequence.Statistics.Accepted);
        foreach (string name in speculator.Namespaces) Assert.Null(speculator.Store(name)!.CheckIntegrity());
        return sequences;
    }

    private static SamplingOptions Options(string sampling, int request) => sampling switch
    {
        "greedy" => SamplingOptions.Greedy,
        "temperature" => new SamplingOptions { Temperature = 0.7f, TopP = 0.95f, Seed = (ulong)request },
        _ => new SamplingOptions { Temperature = 0.7f, RepetitionPenalty = 1.1f, PresencePenalty = 0.2f, Seed = (ulong)request },
    };

    private SpeculativeDecoder Decoder(ISpeculator speculator, DraftBudget budget) =>
        new(new TargetModel(_target, MaxNodes), speculator, new FixedPlanner(budget), new CoupledVerifier());
}
