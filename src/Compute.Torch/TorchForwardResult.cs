using Atlas.Core.Sampling;
using Atlas.Modeling;
using Atlas.Modeling.Engine;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Atlas.Compute.Torch;

/// <summary>Logits and hidden states of one forward, on the device until they are disposed.</summary>
internal sealed class TorchForwardResult : IForwardResult, IDisposable
{
    private readonly RowMap _rows;
    private readonly Tensor? _logits;
    private readonly TorchHiddenStates _hidden;
    private readonly int _vocabulary;

    /// <summary>Takes over the tensors of a forward.</summary>
    /// <param name="planned">For each row of the plan, whether its output was wanted.</param>
    /// <param name="outputs">Hidden states and logits of the wanted rows; null when there is none.</param>
    /// <param name="config">Shape of the decoder.</param>
    public TorchForwardResult(ReadOnlySpan<bool> planned, (Tensor Hidden, Tensor Logits)? outputs, ModelConfig config)
    {
        _rows = new RowMap(planned);
        _logits = outputs?.Logits;
        _hidden = new TorchHiddenStates(_rows, outputs?.Hidden, config.HiddenSize);
        _vocabulary = config.VocabularySize;
    }

    /// <inheritdoc/>
    public IHiddenStates Hidden
    {
        get
        {
            _rows.CheckValid();
            return _hidden;
        }
    }

    /// <inheritdoc/>
    public void Sample(SampleBatch batch, Span<SampledToken> results) => TopPerturbed(batch, 1, results);

    /// <inheritdoc/>
    public void TopPerturbed(SampleBatch batch, int k, Span<SampledToken> results)
    {
        CheckRoom(batch.Specs.Length, k, results.Length);
        DeviceSampler.Draw(Logits, _rows, batch, k, results);
    }

    /// <inheritdoc/>
    public void TopK(ReadOnlySpan<int> rows, int k, Span<SampledToken> results)
    {
        CheckRoom(rows.Length, k, results.Length);
        if (results.Length != rows.Length * k)
            throw new ArgumentException($"room for {results.Length} results; expected {rows.Length * k}", nameof(results));
        if (rows.IsEmpty) return;
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var logits = Logits.index_select(0, _rows.ToTensor(rows, Logits.device));
        Ranking.Best(logits, logits, k, results);
    }

    /// <inheritdoc/>
    public void ReadLogits(int row, Span<float> destination)
    {
        if (destination.Length != _vocabulary)
            throw new ArgumentException($"room for {destination.Length} logits; expected {_vocabulary}", nameof(destination));
        HostCopy.Row(Logits, _rows.Output(row), destination);
    }

    /// <summary>Ends the result's validity and frees its tensors.</summary>
    public void Dispose()
    {
        _rows.Invalidate();
        _logits?.Dispose();
        _hidden.Dispose();
    }

    private Tensor Logits
    {
        get
        {
            _rows.CheckValid();
            return _logits ?? throw new ArgumentException("no row of this forward was planned with output");
        }
    }

    private void CheckRoom(int rows, int k, int room)
    {
        _rows.CheckValid();
        if (k < 1 || k > _vocabulary) throw new ArgumentException($"k is {k}; expected 1 to {_vocabulary}", nameof(k));
        if (room < rows * k) throw new ArgumentException($"room for {room} results; expected {rows * k}");
    }
}
