using Atlas.Core.Sampling;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Atlas.Compute.Torch;

/// <summary>
/// Draws tokens on the device by the Gumbel-max trick, to the same rules and with the same noise as <see cref="CoupledSampler"/>.
/// </summary>
internal static class DeviceSampler
{
    // Rows are drawn in groups of about this many logits, which bounds the temporaries.
    private const int GroupElements = 1 << 21;

    /// <summary>Writes the k best tokens by warped logit plus noise of each spec.</summary>
    /// <param name="logits">Of the forward's output rows, f32 [outputs, columns].</param>
    /// <param name="columns">Which tokens those are.</param>
    /// <param name="rows">From plan rows to those.</param>
    /// <param name="batch">What to draw.</param>
    /// <param name="k">Tokens per spec.</param>
    /// <param name="results">Room for specs x k.</param>
    /// <exception cref="InvalidOperationException">
    /// No token can be drawn (all are masked, or the logits are not finite), the columns are a whole vocabulary, and the position does not
    /// follow draft tokens.
    /// </exception>
    public static void Draw(Tensor logits, TokenColumns columns, RowMap rows, SampleBatch batch, int k, Span<SampledToken> results)
    {
        int step = Math.Max(1, GroupElements / (int)logits.shape[1]);
        using var noGrad = torch.no_grad();
        for (int first = 0; first < batch.Specs.Length; first += step)
        {
            int count = Math.Min(step, batch.Specs.Length - first);
            var group = new SampleBatch(batch.Specs.Slice(first, count), batch.PathTokens);
            DrawGroup(logits, columns, rows, group, k, results.Slice(first * k, count * k));
        }
    }

    private static void DrawGroup(Tensor logits, TokenColumns columns, RowMap rows, SampleBatch batch, int k, Span<SampledToken> results)
    {
        using var scope = torch.NewDisposeScope();
        var planRows = new int[batch.Specs.Length];
        for (int i = 0; i < planRows.Length; i++) planRows[i] = batch.Specs[i].Row;
        var own = logits.index_select(0, rows.ToTensor(planRows, logits.device));
        var scores = DeviceGumbel.AddTo(DeviceWarper.Warp(own, columns, batch), batch.Specs, columns.Ids);
        Ranking.Best(own, scores, columns, k, results);
        for (int i = 0; i < planRows.Length; i++)
            if (results[i * k].Token < 0 && columns.Ids is null && !batch.Specs[i].BehindDraft)
                throw new InvalidOperationException(
                    $"no token can be drawn at position {batch.Specs[i].Position}: all are masked or the logits are not finite");
    }
}
