using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Core.Sampling;
using Atlas.Speculator.Adaptive.Suffix;

namespace Atlas.Speculator.Adaptive.Tests.Suffix;

/// <summary>Sequences and drafts for tests of the speculator.</summary>
internal static class Sequences
{
    public const int Vocabulary = 1000;

    private static long _next;

    public static SuffixSpeculator Speculator() => new(new SuffixOptions { VocabularySize = Vocabulary });

    public static DecodeSequence Open(string name, int[] prompt, SamplingOptions? sampling = null, int[]? ends = null) =>
        new(Interlocked.Increment(ref _next), prompt, sampling ?? SamplingOptions.Greedy, new StopRules(2000, ends ?? []), 32) { Namespace = name };

    public static void Emit(DecodeSequence sequence, params int[] tokens)
    {
        foreach (int token in tokens) sequence.Emit(new SampledToken(token, 0f, 0f));
    }

    /// <summary>The tokens drafted for one sequence, in the order of the tree.</summary>
    public static int[] Draft(SuffixSpeculator speculator, DecodeSequence sequence, DraftBudget budget)
    {
        sequence.Draft.Clear();
        sequence.Budget = budget;
        speculator.Propose([sequence]);
        return sequence.Draft.Tokens.ToArray();
    }

    /// <summary>Lets a finished request through, so that its text is in the namespace's store.</summary>
    public static void Store(SuffixSpeculator speculator, string name, params int[] text)
    {
        var sequence = Open(name, text);
        speculator.Propose([sequence]);
        speculator.Release(sequence);
    }
}
