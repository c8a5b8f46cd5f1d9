using Atlas.Compute.Cpu.Kernels;
using Atlas.Compute.Cpu.Memory;
using Atlas.Modeling;

namespace Atlas.Compute.Cpu.Weights;

/// <summary>A matrix repacked for the kernels: panels of sixteen outputs, each one contiguous stream over the inputs.</summary>
internal sealed unsafe class PackedMatrix : IDisposable
{
    private readonly AlignedBuffer<byte> _panels;
    private readonly PanelRows[] _rows;

    /// <summary>A matrix yet to be packed.</summary>
    /// <param name="format">How weights are kept.</param>
    /// <param name="inputs">Length of the sums.</param>
    /// <param name="rows">What each panel holds.</param>
    public PackedMatrix(WeightFormat format, int inputs, IEnumerable<PanelRows> rows)
    {
        Format = format;
        Inputs = inputs;
        _rows = [.. rows];
        PanelBytes = CpuKernels.PanelBytes(format, inputs);
        _panels = new AlignedBuffer<byte>(PanelBytes * _rows.Length, dense: true);
    }

    /// <summary>How weights are kept.</summary>
    public WeightFormat Format { get; }

    /// <summary>Length of the sums.</summary>
    public int Inputs { get; }

    /// <summary>Number of panels.</summary>
    public int Panels => _rows.Length;

    /// <summary>Output columns, padding included.</summary>
    public int Columns => Panels * 16;

    /// <summary>Bytes from panel to panel.</summary>
    public long PanelBytes { get; }

    /// <summary>Bytes that computing one row reads.</summary>
    public long Bytes => PanelBytes * Panels;

    /// <summary>First panel.</summary>
    public byte* Pointer => _panels.Pointer;

    /// <summary>The panels of one tensor's rows, in order; it begins at a panel of its own.</summary>
    public static IEnumerable<PanelRows> RowsOf(string tensor, int rows)
    {
        for (int first = 0; first < rows; first += 16) yield return new PanelRows(tensor, first, Math.Min(16, rows - first));
    }

    /// <summary>Panels that alternate between two tensors of as many rows.</summary>
    public static IEnumerable<PanelRows> Alternating(string first, string second, int rows) =>
        RowsOf(first, rows).Zip(RowsOf(second, rows)).SelectMany(pair => new[] { pair.First, pair.Second });

    /// <summary>Reads and packs one panel. Panels may be packed in parallel.</summary>
    /// <param name="source">Where the rows are.</param>
    /// <param name="panel">Which panel.</param>
    /// <param name="scratch">At least sixteen rows of f32.</param>
    public void Pack(IWeightSource source, int panel, Span<float> scratch)
    {
        var rows = _rows[panel];
        int used = rows.Count * Inputs;
        source.ReadRows(rows.Tensor, rows.FirstRow, scratch[..used]);
        scratch[used..(16 * Inputs)].Clear();
        fixed (float* values = scratch) CpuKernels.Pack(Format, values, Inputs, Pointer + panel * PanelBytes);
    }

    /// <summary>Packs all panels on the calling thread.</summary>
    /// <param name="source">Where the rows are.</param>
    /// <param name="scratch">At least sixteen rows of f32.</param>
    public void PackAll(IWeightSource source, Span<float> scratch)
    {
        for (int panel = 0; panel < Panels; panel++) Pack(source, panel, scratch);
    }

    /// <summary>Widens the weights of one output to f32, as the kernels see them.</summary>
    public void ReadOutput(int output, float* destination) =>
        CpuKernels.Unpack(Format, Pointer + (output >> 4) * PanelBytes, Inputs, output & 15, destination);

    /// <inheritdoc/>
    public void Dispose() => _panels.Dispose();
}
