using Atlas.Modeling.Engine;

namespace Atlas.Modeling.Training;

/// <summary>
/// Something for a head to learn from: a target state, the tokens that followed it, and what the target would have said after each of them
/// (accepted and rejected positions alike).
/// </summary>
/// <param name="State">States that hold the target's state before <paramref name="Tokens"/>[0].</param>
/// <param name="StateRow">Row in them.</param>
/// <param name="Tokens">Tokens fed one after the other; the head runs on its own states from the second on.</param>
/// <param name="TopTokens">For each fed token k target tokens, k = length / tokens, -1 where fewer.</param>
/// <param name="TopProbabilities">The target's probabilities of them; what is missing to 1 is not taught.</param>
public sealed record HeadExample(IHiddenStates State, int StateRow, int[] Tokens, int[] TopTokens, float[] TopProbabilities)
{
    /// <summary>Throws where the example's parts do not fit each other or the head.</summary>
    /// <param name="index">Its number, for the message.</param>
    /// <param name="stateWidth">Width of the states that the head takes.</param>
    /// <exception cref="ArgumentException">They do not; the message says what was expected.</exception>
    public void Check(int index, int stateWidth)
    {
        int tokens = Tokens.Length;
        if (tokens == 0) throw new ArgumentException($"example {index} has no tokens");
        if (TopTokens.Length % tokens != 0 || TopProbabilities.Length != TopTokens.Length)
            throw new ArgumentException(
                $"example {index} has {TopTokens.Length} top tokens and {TopProbabilities.Length} probabilities for {tokens} tokens");
        if (State.Width != stateWidth)
            throw new ArgumentException($"example {index} has states of width {State.Width}, expected {stateWidth}");
    }
}
