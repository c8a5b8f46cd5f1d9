using System.Numerics;
using Atlas.Modeling;

namespace Atlas.Compute.Cpu.Training;

/// <summary>
/// Cosines and sines of rotary positions, computed in double and kept in f32, one row per position; grows to the longest sequence seen.
/// </summary>
internal sealed unsafe class RotaryTable(RopeConfig config, int headDim) : IDisposable
{
    private readonly double[] _frequencies = config.InverseFrequencies(headDim);
    private readonly AlignedBuffer _table = new();
    private int _positions;

    /// <summary>Makes sure that positions 0 to <paramref name="positions"/> - 1 are there; not while rows are in use.</summary>
    public void Reserve(int positions)
    {
        if (positions <= _positions) return;
        int half = headDim / 2;
        float* row = _table.Reserve((nint)positions * headDim);
        for (int position = 0; position < positions; position++, row += headDim)
            for (int i = 0; i < half; i++)
            {
                var (sin, cos) = Math.SinCos(position * _frequencies[i]);
                row[i] = (float)cos;
                row[half + i] = (float)sin;
            }
        _positions = positions;
    }

    /// <summary>Turns one head by its position, in place: element i with element i + headDim / 2.</summary>
    public void Rotate(float* head, int position) => Turn(head, position, 1f);

    /// <summary>Turns back: the inverse of <see cref="Rotate"/>, and its transpose, so the backward too.</summary>
    public void RotateBack(float* head, int position) => Turn(head, position, -1f);

    /// <inheritdoc/>
    public void Dispose() => _table.Dispose();

    private void Turn(float* head, int position, float sign)
    {
        int half = headDim / 2;
        float* cos = _table.Data + (nint)position * headDim;
        float* sin = cos + half;
        float* upper = head + half;
        int step = Vector<float>.Count;
        int i = 0;
        for (; i <= half - step; i += step)
        {
            Vector<float> a = Vector.Load(head + i), b = Vector.Load(upper + i), c = Vector.Load(cos + i), s = Vector.Load(sin + i) * sign;
            (a * c - b * s).Store(head + i);
            (b * c + a * s).Store(upper + i);
        }
        for (; i < half; i++)
        {
            float a = head[i], b = upper[i], s = sin[i] * sign;
            head[i] = a * cos[i] - b * s;
            upper[i] = b * cos[i] + a * s;
        }
    }
}
