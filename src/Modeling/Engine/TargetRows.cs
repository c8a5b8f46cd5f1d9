namespace Atlas.Modeling.Engine;

/// <summary>Where one sequence's rows lie in the target's last forward.</summary>
/// <param name="Result">The forward's result: hidden states and logits, still on the device, valid until the target's next forward.</param>
/// <param name="Root">Row of the token that was the sequence's last before the forward; draft node i has row <c>Root + 1 + i</c>.</param>
/// <param name="Last">
/// Row from which the sequence's newest token was drawn: that of the last committed token before it. <see cref="Root"/> until something is
/// committed.
/// </param>
public readonly record struct TargetRows(IForwardResult Result, int Root, int Last)
{
    /// <summary>Row of a draft node; <see cref="Core.Drafting.DraftTree.Root"/> is the token before the draft.</summary>
    public int RowOf(int node) => Root + 1 + node;

    /// <summary>Row from which a token of the step was drawn.</summary>
    /// <param name="accepted">Draft nodes that were accepted, in order.</param>
    /// <param name="index">Which of the tokens that the step emitted.</param>
    public int RowOfEmitted(ReadOnlySpan<int> accepted, int index) => index == 0 ? Root : RowOf(accepted[index - 1]);
}
