namespace Atlas.Modeling.Training;

/// <summary>What a head learns in pieces, done at once: for whoever has no decoding to work beside.</summary>
public static class HeadLearning
{
    /// <summary>
    /// Forward along each example's tokens, loss against the target's distributions, backward; adds to the gradient, returns the loss. Where a head
    /// has a hot vocabulary, the loss is the mean over fed tokens of the cross-entropy against the target's hot top tokens; tokens without any of
    /// these count nothing. No examples are no loss.
    /// </summary>
    /// <exception cref="ArgumentException">An example is malformed.</exception>
    public static double Accumulate(this ITrainableHead head, ReadOnlySpan<HeadExample> examples)
    {
        if (examples.Length == 0) return 0;
        head.BeginAccumulate(examples);
        while (head.Continue()) { }
        return head.LastLoss;
    }

    /// <summary>Clips the accumulated gradient, applies one step (AdamW over states, AdaGrad over tokens) and clears the gradient.</summary>
    public static UpdateReport Update(this ITrainableHead head, AdamWStep step)
    {
        head.BeginUpdate(step);
        while (head.Continue()) { }
        return head.LastUpdate;
    }
}
