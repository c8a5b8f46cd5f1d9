using Atlas.Core.Sampling;
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
    private readonly TokenColumns _columns;
    private readonly int _vocabulary;

    /// <summary>Takes over the tensors of a forward.</summary>
    /// <param name="rows">From the plan's rows to those of the tensors.</param>
    /// <param name="logits">f32 [outputs, columns]; null when no output was wanted.</param>
    /// <param name="columns">Which tokens the logits are of; they stay with who made them.</param>
    /// <param name="vocabulary">Size of the full vocabulary.</param>
    /// <param name="hidden">States of the wanted rows; they stay with who made them.</param>
    public TorchForwardResult(RowMap rows, Tensor? logits, TokenColumns columns, int vocabulary, TorchHiddenStates hidden)
    {
        _rows = rows;
        _logits = logits;
        _columns = columns;
        _vocabulary = vocabulary;
        _hidden = hidden;
    }

    /// <inheritdoc/>
    public IHiddenStates Hidden
    {
        get
        {
            _hidden.CheckValid();
            return _hidden;
        }
    }

    /// <inheritdoc/>
    public void Sample(SampleBatch batch, Span<SampledToken> results) => TopPerturbed(batch, 1, results);

    /// <inheritdoc/>
    public void TopPerturbed(SampleBatch batch, int k, Span<SampledToken> results)
    {
        CheckRoom(batch.Specs.Length, k, results.Length);
        DeviceSampler.Draw(Logits, _columns, _rows, batch, k, results);
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
        Ranking.Best(logits, logits, _columns, k, results);
    }

    /// <inheritdoc/>
    public void ReadLogits(int row, Span<float> destination)
    {
        if (destination.Length != _columns.Count)
            throw new ArgumentException($"room for {destination.Length} logits; expected {_columns.Count}", nameof(destination));
        HostCopy.Row(Logits, _rows.Output(row), destination);
    }

    /// <summary>Ends the result's validity and frees its logits.</summary>
    public void Dispose()
    {
        _rows.Invalidate();
        _logits?.Dispose();
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
