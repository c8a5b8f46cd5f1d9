using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Core.Sampling;
using Atlas.Speculator.Static;
using Atlas.Target;

namespace Atlas.Engine.Tests.Models;

/// <summary>Decodes the same requests under different ways of speculating.</summary>
internal sealed class Generation(TinyPair pair)
{
    public const int MaxNodes = 12;

    /// <summary>How many sequences run at once.</summary>
    public int Batch { get; init; } = 4;

    /// <summary>Options of request i.</summary>
    public Func<int, SamplingOptions> Options { get; init; } = _ => SamplingOptions.Greedy;

    /// <summary>Requests in all; they join as others leave.</summary>
    public int Requests { get; init; } = 6;

    /// <summary>Tokens of the shortest and the longest prompt.</summary>
    public (int Least, int Most) Prompt { get; init; } = (1, 20);

    public int MaxTokens { get; init; } = 24;

    /// <summary>Stop drafting where the path's confidence falls below this.</summary>
    public float MinPathConfidence { get; init; }

    /// <summary>All requests, decoded; <see cref="DraftBudget.None"/> without a speculator.</summary>
    public DecodeSequence[] Run(DraftBudget budget)
    {
        ISpeculator speculator = budget.Depth == 0
            ? new NoSpeculator()
            : new StaticSpeculator(pair.Draft, new StaticSpeculatorOptions { Candidates = 4, MinPathConfidence = MinPathConfidence });
        return Run(new SpeculativeDecoder(
            new TargetModel(pair.Target, MaxNodes), speculator, new FixedPlanner(budget), new CoupledVerifier()));
    }

    /// <summary>All requests, decoded by a given step.</summary>
    /// <param name="decoder">The step.</param>
    /// <param name="capacity">Most draft nodes of a sequence before any are cut.</param>
    public DecodeSequence[] Run(SpeculativeDecoder decoder, int capacity = MaxNodes)
    {
        var sequences = Sequences(capacity);
        var batch = new BatchDecoder(decoder, Batch);
        // Half of them are there from the start, the others come one by one.
        for (int i = 0; i < sequences.Length; i++)
        {
            if (i >= (sequences.Length + 1) / 2) batch.Step();
            batch.Add(sequences[i]);
        }
        batch.Run();
        return sequences;
    }

    private DecodeSequence[] Sequences(int capacity)
    {
        var random = new Random(21);
        var sequences = new DecodeSequence[Requests];
        for (int i = 0; i < Requests; i++)
        {
            var prompt = new int[random.Next(Prompt.Least, Prompt.Most + 1)];
            foreach (ref int token in prompt.AsSpan()) token = random.Next(pair.Vocabulary);
            var stop = new StopRules(MaxTokens - i % 5, [3]);
            sequences[i] = new DecodeSequence(i + 1, prompt, Options(i), stop, capacity);
        }
        return sequences;
    }
}
