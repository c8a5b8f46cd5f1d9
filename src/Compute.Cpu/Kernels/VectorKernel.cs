using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Atlas.Compute.Cpu.Kernels;

/// <summary>The operations on single rows. An element's value does not depend on where it lies in a register.</summary>
/// <typeparam name="TLanes">Instruction set.</typeparam>
internal static unsafe class VectorKernel<TLanes> where TLanes : struct, ILanes<TLanes>
{
    // Adding 1.5 x 2^23 rounds to an integer and leaves it in the low bits of the representation.
    private const float Shifter = 12582912f;

    /// <summary>
    /// e^x within two units in the last place; x is clamped to [-87, 88], so results stay normal and finite. Reduction by multiples of
    /// log 2 and a polynomial of degree six (Taylor terms; the remainder on |r| up to 0.3466 is below 2^-25).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Exp(TLanes x)
    {
        x = TLanes.Min(TLanes.Max(x, TLanes.Broadcast(-87f)), TLanes.Broadcast(88f));
        var shifter = TLanes.Fma(x, TLanes.Broadcast(1.44269504f), TLanes.Broadcast(Shifter));
        var n = TLanes.Subtract(shifter, TLanes.Broadcast(Shifter));
        var r = TLanes.Fma(n, TLanes.Broadcast(-0.693359375f), x);
        r = TLanes.Fma(n, TLanes.Broadcast(2.12194440e-4f), r);
        var p = TLanes.Broadcast(1f / 5040f);
        p = TLanes.Fma(p, r, TLanes.Broadcast(1f / 720f));
        p = TLanes.Fma(p, r, TLanes.Broadcast(1f / 120f));
        p = TLanes.Fma(p, r, TLanes.Broadcast(1f / 24f));
        p = TLanes.Fma(p, r, TLanes.Broadcast(1f / 6f));
        p = TLanes.Fma(p, r, TLanes.Broadcast(0.5f));
        p = TLanes.Fma(p, r, TLanes.Broadcast(1f));
        p = TLanes.Fma(p, r, TLanes.Broadcast(1f));
        return TLanes.AddExponent(p, shifter);
    }

    /// <summary>RMSNorm (arXiv 1910.07467): y = w x / sqrt(mean(x^2) + epsilon). x and y may be the same.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void RmsNorm(float* x, float* weight, int count, float epsilon, float* y)
    {
        int whole = count & ~15;
        var sum = TLanes.Zero;
        for (int i = 0; i < whole; i += 16)
        {
            var v = TLanes.Load(x + i);
            sum = TLanes.Fma(v, v, sum);
        }
        if (whole < count)
        {
            var v = LoadPart(x + whole, count - whole);
            sum = TLanes.Fma(v, v, sum);
        }
        float scale = 1f / MathF.Sqrt(TLanes.Sum(sum) / count + epsilon);
        var factor = TLanes.Broadcast(scale);
        for (int i = 0; i < whole; i += 16)
            TLanes.Store(y + i, TLanes.Multiply(TLanes.Multiply(TLanes.Load(x + i), factor), TLanes.Load(weight + i)));
        for (int i = whole; i < count; i++) y[i] = x[i] * scale * weight[i];
    }

    /// <summary>y += x, in panels of sixteen.</summary>
    public static void Add(float* y, float* x, int panels)
    {
        for (int i = 0; i < panels; i++, y += 16, x += 16) TLanes.Store(y, TLanes.Add(TLanes.Load(y), TLanes.Load(x)));
    }

    /// <summary>
    /// SwiGLU (arXiv 2002.05202) over panels that alternate sixteen gate and sixteen up columns: y = gate / (1 + e^-gate) x up.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SwiGlu(float* gateUp, int panels, float* y)
    {
        var one = TLanes.Broadcast(1f);
        for (int i = 0; i < panels; i++, gateUp += 32, y += 16)
        {
            var gate = TLanes.Load(gateUp);
            var silu = TLanes.Divide(gate, TLanes.Add(one, Exp(TLanes.Subtract(TLanes.Zero, gate))));
            TLanes.Store(y, TLanes.Multiply(silu, TLanes.Load(gateUp + 16)));
        }
    }

    /// <summary>Turns the pairs (i, i + half) of a head by the angles whose cosines and sines are given, in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rotate(float* head, float* cosines, float* sines, int half)
    {
        int i = 0;
        for (; i + 16 <= half; i += 16)
        {
            TLanes a = TLanes.Load(head + i), b = TLanes.Load(head + half + i);
            TLanes c = TLanes.Load(cosines + i), s = TLanes.Load(sines + i);
            TLanes.Store(head + i, TLanes.Subtract(TLanes.Multiply(a, c), TLanes.Multiply(b, s)));
            TLanes.Store(head + half + i, TLanes.Add(TLanes.Multiply(b, c), TLanes.Multiply(a, s)));
        }
        for (; i < half; i++)
        {
            float a = head[i], b = head[half + i];
            head[i] = a * cosines[i] - b * sines[i];
            head[half + i] = b * cosines[i] + a * sines[i];
        }
    }

    /// <summary>
    /// 16-bit integers and one scale per group of 64 values, rounded to nearest even; the last group is filled up with zeros. A group whose
    /// greatest value is not finite gets scales that are not finite either.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Quantize(float* x, int count, short* values, float* scales)
    {
        const int Group = Int8Panels.GroupSize;
        float* last = stackalloc float[Group];
        for (int from = 0; from < count; from += Group, x += Group, values += Group)
        {
            if (count - from < Group)
            {
                new Span<float>(last, Group).Clear();
                new ReadOnlySpan<float>(x, count - from).CopyTo(new Span<float>(last, Group));
                x = last;
            }
            *scales++ = QuantizeGroup(x, values);
        }
    }

    private static float QuantizeGroup(float* x, short* values)
    {
        const float Greatest = 32767f;
        var max = TLanes.Zero;
        for (int i = 0; i < Int8Panels.GroupSize; i += 16)
        {
            var v = TLanes.Load(x + i);
            max = TLanes.Max(max, TLanes.Max(v, TLanes.Subtract(TLanes.Zero, v)));
        }
        float greatest = TLanes.Max(max);
        // Below that one over it is not finite.
        var inverse = TLanes.Broadcast(greatest > 1e-30f ? Greatest / greatest : 0f);
        var shifter = TLanes.Broadcast(Shifter);
        float* shifted = stackalloc float[16];
        for (int i = 0; i < Int8Panels.GroupSize; i += 16)
        {
            TLanes.Store(shifted, TLanes.Fma(TLanes.Load(x + i), inverse, shifter));
            Vector128.Narrow(Vector128.Load((int*)shifted), Vector128.Load((int*)shifted + 4)).Store(values + i);
            Vector128.Narrow(Vector128.Load((int*)shifted + 8), Vector128.Load((int*)shifted + 12)).Store(values + i + 8);
        }
        return greatest / Greatest;
    }

    private static TLanes LoadPart(float* source, int count)
    {
        float* whole = stackalloc float[16];
        new Span<float>(whole, 16).Clear();
        new ReadOnlySpan<float>(source, count).CopyTo(new Span<float>(whole, 16));
        return TLanes.Load(whole);
    }
}
