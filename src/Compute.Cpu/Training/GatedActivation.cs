using System.Numerics;
using Atlas.Compute.Cpu.Threading;

namespace Atlas.Compute.Cpu.Training;

/// <summary>
/// SwiGLU (arXiv 2002.05202) over rows that hold gate and up side by side, [rows, 2 x width]: silu(gate) x up, [rows, width].
/// </summary>
internal sealed unsafe class GatedActivation(WorkerPool pool) : ParallelLoop
{
    private const int Grain = 16;
    private int _width;
    private float* _gateUp;
    private float* _output;
    private bool _backward;

    /// <summary>output = silu(gate) x up.</summary>
    public void Forward(float* gateUp, float* output, int rows, int width)
    {
        _gateUp = gateUp;
        _output = output;
        _width = width;
        _backward = false;
        Run(pool, rows, Grain);
    }

    /// <summary>
    /// In place: <paramref name="gateUp"/> becomes the derivatives by gate and up, <paramref name="derivative"/> (by the output) becomes the
    /// output, which the down projection's gradient needs again.
    /// </summary>
    public void Backward(float* gateUp, float* derivative, int rows, int width)
    {
        _gateUp = gateUp;
        _output = derivative;
        _width = width;
        _backward = true;
        Run(pool, rows, Grain);
    }

    /// <summary>One row of <paramref name="count"/> elements.</summary>
    public static void ForwardRow(float* gate, float* up, float* output, int count)
    {
        int width = Vector<float>.Count;
        int i = 0;
        for (; i <= count - width; i += width) Activate(Vector.Load(gate + i), Vector.Load(up + i)).Store(output + i);
        for (; i < count; i++) output[i] = Activate(new Vector<float>(gate[i]), new Vector<float>(up[i]))[0];
    }

    /// <inheritdoc/>
    protected override void Body(int first, int end, int worker)
    {
        for (nint row = first; row < end; row++)
        {
            float* gate = _gateUp + row * 2 * _width;
            float* output = _output + row * _width;
            if (_backward) BackwardRow(gate, gate + _width, output);
            else ForwardRow(gate, gate + _width, output, _width);
        }
    }

    private void BackwardRow(float* gate, float* up, float* output)
    {
        int width = Vector<float>.Count;
        int i = 0;
        for (; i <= _width - width; i += width)
        {
            Vector<float> g = Vector.Load(gate + i), u = Vector.Load(up + i), d = Vector.Load(output + i);
            Activate(g, u).Store(output + i);
            DerivativeByGate(g, u, d).Store(gate + i);
            DerivativeByUp(g, d).Store(up + i);
        }
        for (; i < _width; i++)
        {
            Vector<float> g = new(gate[i]), u = new(up[i]), d = new(output[i]);
            output[i] = Activate(g, u)[0];
            gate[i] = DerivativeByGate(g, u, d)[0];
            up[i] = DerivativeByUp(g, d)[0];
        }
    }

    private static Vector<float> Sigmoid(Vector<float> x) => Vector<float>.One / (Vector<float>.One + VectorMath.Exp(-x));

    private static Vector<float> Activate(Vector<float> gate, Vector<float> up) => gate * Sigmoid(gate) * up;

    private static Vector<float> DerivativeByGate(Vector<float> gate, Vector<float> up, Vector<float> derivative)
    {
        var s = Sigmoid(gate);
        return derivative * up * s * (Vector<float>.One + gate * (Vector<float>.One - s));
    }

    private static Vector<float> DerivativeByUp(Vector<float> gate, Vector<float> derivative) => derivative * gate * Sigmoid(gate);
}
