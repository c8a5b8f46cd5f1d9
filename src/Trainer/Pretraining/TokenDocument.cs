namespace Atlas.Trainer.Pretraining;

/// <summary>
/// One document to train on. Nothing in it attends to another document.
/// </summary>
/// <param name="Tokens">Its tokens, at least two, begin and end tokens included where the model uses them.</param>
/// <param name="Weights">
/// For each token the weight of predicting it: 1 in plain text, less for a prompt that matters less than its completion, 0 where it is not
/// to be learned. The first one is never predicted. As many as tokens, finite, not negative.
/// </param>
public sealed record TokenDocument(int[] Tokens, float[] Weights)
{
    /// <summary>A document in which every token counts alike.</summary>
    public static TokenDocument Text(int[] tokens)
    {
        var weights = new float[tokens.Length];
        Array.Fill(weights, 1f);
        return new TokenDocument(tokens, weights);
    }

    /// <summary>A prompt and its completion.</summary>
    /// <param name="tokens">Both, one after the other.</param>
    /// <param name="promptLength">Tokens of the prompt.</param>
    /// <param name="promptWeight">Weight of predicting those; 0 learns the completion alone.</param>
    public static TokenDocument Completion(int[] tokens, int promptLength, float promptWeight)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(promptLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(promptLength, tokens.Length);
        var document = Text(tokens);
        document.Weights.AsSpan(0, promptLength).Fill(promptWeight);
        return document;
    }
}
