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
public sealed record HeadExample(IHiddenStates State, int StateRow, int[] Tokens, int[] TopTokens, float[] TopProbabilities);
