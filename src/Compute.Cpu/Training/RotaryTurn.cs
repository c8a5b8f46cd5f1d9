using System.Numerics;

namespace Atlas.Compute.Cpu.Training;

/// <summary>Rotary positions on one head, in place: element i with element i + half.</summary>
internal static unsafe class RotaryTurn
{
    /// <summary>Turns a head of 2 x <paramref name="half"/> elements; with <paramref name="sign"/> -1 back, which is also the backward.</summary>
    public static void Apply(float* head, float* cosines, float* sines, int half, float sign)
    {
        float* upper = head + half;
        int step = Vector<float>.Count;
        int i = 0;
        for (; i <= half - step; i += step)
        {
            Vector<float> a = Vector.Load(head + i), b = Vector.Load(upper + i);
            Vector<float> c = Vector.Load(cosines + i), s = Vector.Load(sines + i) * sign;
            (a * c - b * s).Store(head + i);
            (b * c + a * s).Store(upper + i);
        }
        for (; i < half; i++)
        {
            float a = head[i], b = upper[i], s = sines[i] * sign;
            head[i] = a * cosines[i] - b * s;
            upper[i] = b * cosines[i] + a * s;
        }
    }
}
