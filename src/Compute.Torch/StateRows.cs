using Atlas.Modeling.Engine;
using Atlas.Modeling.Training;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Atlas.Compute.Torch;

/// <summary>
/// Collects the states that a head starts from. What lies on a device stays there; other states (a replay's in host memory) are sent in one
/// transfer per block.
/// </summary>
internal static class StateRows
{
    /// <summary>The states of some rows, f32 [rows, width], in the caller's dispose scope.</summary>
    /// <exception cref="ArgumentException">A state has another width, or its row does not exist.</exception>
    public static Tensor Collect(ReadOnlySpan<HeadRow> rows, int width, torch.Device device)
    {
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var parts = new List<Tensor>();
        for (int first = 0; first < rows.Length;)
        {
            int end = first + 1;
            while (end < rows.Length && ReferenceEquals(rows[end].State, rows[first].State)) end++;
            parts.Add(Block(rows[first..end], width, device));
            first = end;
        }
        return (parts.Count == 1 ? parts[0] : torch.cat(parts, 0)).MoveToOuterDisposeScope();
    }

    private static Tensor Block(ReadOnlySpan<HeadRow> rows, int width, torch.Device device)
    {
        var states = rows[0].State;
        if (states.Width != width) throw new ArgumentException($"states of width {states.Width}; expected {width}", nameof(rows));
        if (states is IDeviceStates there)
        {
            var chosen = new int[rows.Length];
            for (int i = 0; i < chosen.Length; i++) chosen[i] = rows[i].StateRow;
            return there.Select(chosen).to(device);
        }
        var values = new float[rows.Length * width];
        for (int i = 0; i < rows.Length; i++) states.Read(rows[i].StateRow, values.AsSpan(i * width, width));
        return torch.tensor(values, [rows.Length, width]).to(device);
    }
}
