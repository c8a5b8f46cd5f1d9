using Atlas.Modeling.Training;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Atlas.Compute.Torch;

/// <summary>
/// The target's output rows of the hot tokens, gathered on the device as one matrix [tokens, hidden]; gathered again when other tokens were
/// chosen or the target's weights have been replaced.
/// </summary>
/// <param name="target">Whose rows.</param>
/// <param name="hot">Of which tokens.</param>
/// <param name="type">Element type of the copy.</param>
internal sealed class HotOutputRows(TorchDecoder target, HotTokens hot, torch.ScalarType type) : IDisposable
{
    private Tensor? _rows;
    private TokenColumns? _columns;
    private int[] _ids = [];
    private int _version = -1;

    /// <summary>Which token each row is.</summary>
    public TokenColumns Columns
    {
        get
        {
            Refresh();
            return _columns!;
        }
    }

    /// <summary>The rows, [tokens, hidden].</summary>
    /// <exception cref="InvalidOperationException">No tokens have been chosen.</exception>
    public Tensor Rows
    {
        get
        {
            Refresh();
            return _rows!;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _rows?.Dispose();
        _columns?.Dispose();
    }

    private void Refresh()
    {
        hot.CheckChosen();
        if (ReferenceEquals(_ids, hot.Ids) && _version == target.WeightsVersion) return;
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        Dispose();
        _columns = new TokenColumns(hot.Ids, target.Device);
        _rows = target.Weights.Head.Matrix.index_select(0, _columns.Ids!).to(type).DetachFromDisposeScope();
        (_ids, _version) = (hot.Ids, target.WeightsVersion);
    }
}
