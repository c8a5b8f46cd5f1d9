using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Atlas.Compute.Torch;

/// <summary>Rows of a plan to rows of its outputs, for as long as the forward's result is valid.</summary>
internal sealed class RowMap
{
    private readonly int[] _outputs;
    private bool _ended;

    /// <summary>Numbers the rows whose output was wanted.</summary>
    public RowMap(ReadOnlySpan<bool> planned)
    {
        _outputs = new int[planned.Length];
        int next = 0;
        for (int i = 0; i < planned.Length; i++) _outputs[i] = planned[i] ? next++ : -1;
    }

    /// <summary>From now on every use throws.</summary>
    public void Invalidate() => _ended = true;

    /// <summary>Throws when a later forward has ended the result.</summary>
    public void CheckValid()
    {
        if (_ended) throw new InvalidOperationException("the result is no longer valid: its decoder has run another forward or was disposed");
    }

    /// <summary>The output row of a plan's row.</summary>
    public int Output(int row)
    {
        CheckValid();
        if ((uint)row >= (uint)_outputs.Length || _outputs[row] < 0)
            throw new ArgumentException($"row {row} was not planned with output", nameof(row));
        return _outputs[row];
    }

    /// <summary>Output rows of several plan rows as an index, int64 [rows].</summary>
    public Tensor ToTensor(ReadOnlySpan<int> rows, torch.Device device)
    {
        var outputs = new long[rows.Length];
        for (int i = 0; i < rows.Length; i++) outputs[i] = Output(rows[i]);
        return torch.tensor(outputs).to(device);
    }
}
