using Atlas.Core.Sampling;

namespace Atlas.Modeling.Engine;

/// <summary>
/// What a forward computed, still on the device. Rows are named by their index in the plan and must have been planned with output. Valid
/// until the next forward of the same decoder or head; using it later throws <see cref="InvalidOperationException"/>.
/// </summary>
public interface IForwardResult
{
    /// <summary>
    /// Draws one token per spec: the argmax of warped logits plus <see cref="GumbelNoise"/>, ties to the lowest id. Only the tokens cross to
    /// the host.
    /// </summary>
    void Sample(SampleBatch batch, Span<SampledToken> results);

    /// <summary>
    /// The <paramref name="k"/> best tokens per spec by warped logit plus noise, best first, into k consecutive results: draft trees branch
    /// on these. Where fewer remain after filtering, the rest have token -1. A model that names some candidates only may give the rest of the
    /// vocabulary together as token -1 with a finite score, behind the candidates.
    /// </summary>
    void TopPerturbed(SampleBatch batch, int k, Span<SampledToken> results);

    /// <summary>
    /// The <paramref name="k"/> most probable tokens per row by the model's own logits, best first, ties to the lowest id: what the trainer
    /// distils. Scores are the logits.
    /// </summary>
    void TopK(ReadOnlySpan<int> rows, int k, Span<SampledToken> results);

    /// <summary>The final hidden state (after the last norm) of every row planned with output: a handle, not a copy.</summary>
    IHiddenStates Hidden { get; }

    /// <summary>Copies a row's whole logits to the host. For tests and for classical rejection sampling.</summary>
    void ReadLogits(int row, Span<float> destination);
}
