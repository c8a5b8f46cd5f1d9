using Atlas.Compute.Cpu.Kernels;
using Atlas.Compute.Cpu.Memory;
using Atlas.Modeling;

namespace Atlas.Compute.Cpu.Tests.Kernels;

/// <summary>Random queries over a head's cache of random keys and values; what no slot holds is not a number.</summary>
internal sealed unsafe class AttentionCase : IDisposable
{
    private const int MaxRows = 8;

    private readonly WeightFormat _format;
    private readonly int _width;
    private readonly int _group;
    private readonly int _capacity;
    private readonly float[] _queries;
    private readonly float[][] _keys;
    private readonly float[][] _values;
    private readonly AlignedBuffer<byte> _keyPanels;
    private readonly AlignedBuffer<byte> _valuePanels;

    public AttentionCase(WeightFormat format, int width, int slots, int group, int seed)
        : this(format, width, group, Queries(width * group * MaxRows, seed), Cells(width, slots, seed + 1), Cells(width, slots, seed + 2)) { }

    private AttentionCase(WeightFormat format, int width, int group, float[] queries, float[][] keys, float[][] values)
    {
        _format = format;
        _width = width;
        _group = group;
        _queries = queries;
        _keys = keys;
        _values = values;
        _capacity = (keys.Length + 31) & ~15;
        _keyPanels = new AlignedBuffer<byte>(_capacity / 16 * CpuKernels.PanelBytes(format, width));
        _valuePanels = new AlignedBuffer<byte>(width / 16 * CpuKernels.PanelBytes(format, _capacity));
        _keyPanels.Span(0, (int)_keyPanels.Length).Fill(0xff);
        _valuePanels.Span(0, (int)_valuePanels.Length).Fill(0xff);
        for (int slot = 0; slot < keys.Length; slot++)
            if (format == WeightFormat.F32) Write<F32Panels>(slot);
            else Write<Bf16Panels>(slot);
    }

    /// <summary>The same rows, logical position j in slot path[j].</summary>
    public AttentionCase Spread(int[] path)
    {
        float[][] Move(float[][] cells)
        {
            var moved = Cells(_width, path[^1] + 1, 77);
            for (int j = 0; j < path.Length; j++) moved[path[j]] = cells[j];
            return moved;
        }
        return new AttentionCase(_format, _width, _group, _queries, Move(_keys), Move(_values));
    }

    /// <summary>Outputs of some rows computed together, [row][head][width].</summary>
    public float[] Run(CpuKernels kernels, AttentionView[] views, int firstRow = 0)
    {
        int stride = _capacity + 16;
        using var scores = new AlignedBuffer<float>((long)views.Length * _group * stride);
        using var output = new AlignedBuffer<float>((long)views.Length * _group * _width);
        using var paths = new AlignedBuffer<int>((long)views.Length * _capacity);
        var rows = stackalloc AttentionRow[views.Length];
        for (int i = 0; i < views.Length; i++)
        {
            var view = views[i];
            int dense = view.Committed;
            while (dense < view.Path.Length && view.Path[dense] == dense) dense++;
            var path = view.Path[dense..];
            path.CopyTo(paths.Span(i * _capacity, path.Length));
            rows[i] = new AttentionRow { From = view.From, Dense = dense, Count = view.Path.Length, Path = paths.Pointer + i * _capacity };
        }
        fixed (float* queries = _queries)
            kernels.Attend(_format, new AttentionOperands
            {
                Queries = queries + firstRow * _group * _width,
                Group = _group,
                Rows = rows,
                RowCount = views.Length,
                Keys = _keyPanels.Pointer,
                KeyPanelBytes = CpuKernels.PanelBytes(_format, _width),
                Values = _valuePanels.Pointer,
                ValuePanelBytes = CpuKernels.PanelBytes(_format, _capacity),
                Width = _width,
                Scale = 1f / MathF.Sqrt(_width),
                Scores = scores.Pointer,
                ScoreStride = stride,
                Output = output.Pointer,
            });
        return output.Span(0, views.Length * _group * _width).ToArray();
    }

    /// <summary>One query's output in double precision.</summary>
    public double[] Reference(int row, int head, int from, int[] path)
    {
        var query = _queries.AsSpan((row * _group + head) * _width, _width);
        var weights = new double[path.Length];
        for (int j = from; j < path.Length; j++)
        {
            double score = 0;
            for (int d = 0; d < _width; d++) score += (double)query[d] * Kept(_keys[path[j]][d]);
            weights[j] = Math.Exp(score / Math.Sqrt(_width));
        }
        double sum = weights.Sum();
        var output = new double[_width];
        for (int j = from; j < path.Length; j++)
            for (int d = 0; d < _width; d++)
                output[d] += weights[j] / sum * Kept(_values[path[j]][d]);
        return output;
    }

    public void Dispose()
    {
        _keyPanels.Dispose();
        _valuePanels.Dispose();
    }

    private static float[] Queries(int count, int seed) => Next(new Random(seed), count);

    private static float[][] Cells(int width, int slots, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, slots).Select(_ => Next(random, width))];
    }

    private static float[] Next(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() * 4 - 2))];

    private float Kept(float value) =>
        _format == WeightFormat.F32 ? value : BitConverter.UInt32BitsToSingle(Bf16Panels.Round(value) << 16);

    private void Write<TFormat>(int slot) where TFormat : struct, IFloatPanels
    {
        fixed (float* key = _keys[slot], value = _values[slot])
        {
            TFormat.WriteOutput(_keyPanels.Pointer + (slot >> 4) * CpuKernels.PanelBytes(_format, _width), slot & 15, key, _width);
            for (int panel = 0; panel < _width / 16; panel++)
                TFormat.WriteInput(_valuePanels.Pointer + panel * CpuKernels.PanelBytes(_format, _capacity), slot, value + panel * 16);
        }
    }
}
