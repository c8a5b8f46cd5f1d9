using Atlas.Modeling.Engine;
using Atlas.Modeling.Training;

namespace Atlas.Evaluation.Tests.Benchmarks.Heads;

/// <summary>A completion as the target wrote it, with what it computed on the way.</summary>
/// <param name="Domain">Its domain.</param>
/// <param name="Tokens">The emitted tokens.</param>
/// <param name="States">State i is the one that token i was drawn from.</param>
/// <param name="TopTokens">The target's best tokens where token i was drawn, <see cref="TopK"/> for each.</param>
/// <param name="TopProbabilities">Their probabilities.</param>
internal sealed record RecordedCompletion(string Domain, int[] Tokens, HostHiddenStates States, int[] TopTokens, float[] TopProbabilities)
{
    /// <summary>Best tokens kept of each distribution.</summary>
    public const int TopK = 8;

    /// <summary>What can be learned from a position: its state, the tokens from there on, and the target's distributions behind each of them.</summary>
    public HeadExample Window(int position, int length) => new(
        States, position, Tokens[position..(position + length)], TopTokens[((position + 1) * TopK)..((position + 1 + length) * TopK)],
        TopProbabilities[((position + 1) * TopK)..((position + 1 + length) * TopK)]);
}
