using Atlas.Compute.Cpu.Memory;
using Atlas.Modeling;

namespace Atlas.Compute.Cpu.Attention;

/// <summary>
/// Cosines and sines of the rotary angles by position, computed in double and rounded once. Filled as far as positions have come.
/// </summary>
internal sealed unsafe class RotaryTable : IDisposable
{
    private const int Stride = 256;

    private readonly double[] _frequencies;
    private readonly AlignedBuffer<float> _cosines;
    private readonly AlignedBuffer<float> _sines;
    private readonly int _positions;
    private int _filled;

    /// <summary>A table for <paramref name="positions"/> positions.</summary>
    public RotaryTable(RopeConfig rope, int headDim, int positions)
    {
        _frequencies = rope.InverseFrequencies(headDim);
        _positions = positions;
        _cosines = new AlignedBuffer<float>((long)positions * _frequencies.Length);
        _sines = new AlignedBuffer<float>((long)positions * _frequencies.Length);
    }

    /// <summary>Pairs per head.</summary>
    public int Pairs => _frequencies.Length;

    /// <summary>Cosines of a position, [pairs]; <see cref="Reach"/> must have covered it.</summary>
    public float* Cosines(int position) => _cosines.Pointer + (long)position * Pairs;

    /// <summary>Sines of a position, [pairs].</summary>
    public float* Sines(int position) => _sines.Pointer + (long)position * Pairs;

    /// <summary>Fills the table up to and including <paramref name="position"/>, and some way beyond.</summary>
    public void Reach(int position)
    {
        if (position < _filled) return;
        int end = Math.Min(_positions, (position / Stride + 1) * Stride);
        for (; _filled < end; _filled++)
            for (int i = 0; i < Pairs; i++)
            {
                var (sine, cosine) = Math.SinCos(_filled * _frequencies[i]);
                Cosines(_filled)[i] = (float)cosine;
                Sines(_filled)[i] = (float)sine;
            }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _cosines.Dispose();
        _sines.Dispose();
    }
}
