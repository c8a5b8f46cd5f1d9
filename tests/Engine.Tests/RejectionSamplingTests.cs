using Atlas.Conformance.Statistics;
using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Core.Sampling;
using Atlas.Engine.Tests.Models;
using Atlas.Modeling.Engine;
using Atlas.Speculator.Static;
using Atlas.Target;

namespace Atlas.Engine.Tests;

/// <summary>Classical rejection sampling from end to end: the texts that come out are distributed as the target's own.</summary>
public sealed class RejectionSamplingTests
{
    private const int Vocabulary = 5, Tokens = 3;

    [Theory]
    [InlineData(0.4, 1, false)]
    [InlineData(0.4, 4, false)]
    [InlineData(2.0, 4, false)]
    [InlineData(0.4, 4, true)]
    public void Texts_follow_the_targets_distribution(double disagreement, int lookahead, bool filtered)
    {
        var options = filtered
            ? new SamplingOptions { Temperature = 1.2f, TopK = 4, TopP = 0.95f, FrequencyPenalty = 0.5f }
            : new SamplingOptions { Temperature = 1f };
        const int texts = 5_000;
        using var pair = Pair(disagreement);
        var expected = ExactDistribution(pair.Target, options);
        var counts = new int[expected.Length];
        long drafted = 0, accepted = 0;
        foreach (var sequence in Decode(pair, options, lookahead, texts))
        {
            counts[Index(sequence.Output)]++;
            drafted += sequence.Statistics.Drafted;
            accepted += sequence.Statistics.Accepted;
        }
        ChiSquare.AssertFits(counts, expected);
        Assert.InRange(accepted, 1, drafted - 1);
    }

    [Fact]
    public void Greedy_gives_the_greedy_text()
    {
        using var pair = Pair(0.4);
        var plain = Decode(pair, SamplingOptions.Greedy, 0, 1).Single();
        Assert.Equal(plain.Output.ToArray(), Decode(pair, SamplingOptions.Greedy, 3, 1).Single().Output.ToArray());
    }

    private static TinyPair Pair(double disagreement) => new(
        disagreement, new DecoderOptions { MaxSequences = 16, MaxRows = 128, MaxPending = 32 }, vocabulary: Vocabulary);

    private static IEnumerable<DecodeSequence> Decode(TinyPair pair, SamplingOptions options, int lookahead, int texts)
    {
        var speculator = new StaticSpeculator(pair.Draft, new StaticSpeculatorOptions());
        var decoder = new SpeculativeDecoder(
            new TargetModel(pair.Target, 4), speculator, new FixedPlanner(DraftBudget.Chain(lookahead)), new RejectionVerifier());
        for (int done = 0; done < texts; done += 16)
        {
            var batch = new BatchDecoder(decoder, 16);
            var sequences = new List<DecodeSequence>();
            for (int i = done; i < Math.Min(texts, done + 16); i++)
            {
                var sequence = new DecodeSequence(i, [1, 2], options with { Seed = (ulong)i }, new StopRules(Tokens, []), 4);
                sequence.KeepDistributions(Vocabulary);
                batch.Add(sequence);
                sequences.Add(sequence);
            }
            batch.Run();
            foreach (var sequence in sequences) yield return sequence;
        }
    }

    // The probability of every text, by the chain rule over the target's warped distributions.
    private static double[] ExactDistribution(IDecoder target, SamplingOptions options)
    {
        var probabilities = new double[(int)Math.Pow(Vocabulary, Tokens)];
        var sampler = new CoupledSampler(Vocabulary);
        Walk([], 1);
        return probabilities;

        void Walk(int[] output, double reached)
        {
            if (reached == 0) return;
            if (output.Length == Tokens)
            {
                probabilities[Index(output)] = reached;
                return;
            }
            var p = Next(output);
            for (int token = 0; token < Vocabulary; token++) Walk([.. output, token], reached * p[token]);
        }

        float[] Next(int[] output)
        {
            using var cache = target.OpenSequence();
            var plan = new BatchPlan();
            plan.Begin(cache);
            int[] text = [1, 2, .. output];
            plan.AddChain(text, BatchPlan.NoParent, lastOutput: true);
            var logits = new float[Vocabulary];
            target.Forward(plan).ReadLogits(text.Length - 1, logits);
            var state = new SamplingState(options, [1, 2], Tokens);
            foreach (int token in output) state.Emit(token);
            var p = new float[Vocabulary];
            sampler.Probabilities(logits, new SampleSpec(0, state, text.Length), [], p);
            return p;
        }
    }

    private static int Index(ReadOnlySpan<int> output)
    {
        int index = 0;
        foreach (int token in output) index = index * Vocabulary + token;
        return index;
    }
}
