using Atlas.Compute.Cpu.Kernels;

namespace Atlas.Compute.Cpu.Tests.Kernels;

public unsafe class VectorKernelTests
{
    [Theory]
    [MemberData(nameof(KernelSets.Names), MemberType = typeof(KernelSets))]
    public void Rms_norm_is_that_of_a_plain_loop_and_of_scalar_kernels(string name)
    {
        for (int count = 1; count < 70; count++)
        {
            float[] x = Random(count + 3, count), weight = Random(count + 16, 99), y = new float[count], scalar = new float[count];
            // What lies behind a row must not count.
            x[count] = float.NaN;
            fixed (float* px = x, pw = weight, py = y, ps = scalar)
            {
                KernelSets.Get(name).RmsNorm(px, pw, count, 1e-5f, py);
                KernelSets.Scalar.RmsNorm(px, pw, count, 1e-5f, ps);
            }
            double scale = 1 / Math.Sqrt(x.Take(count).Sum(v => (double)v * v) / count + 1e-5);
            for (int i = 0; i < count; i++) Assert.Equal(x[i] * scale * weight[i], y[i], 1e-5);
            Assert.Equal(scalar, y);
        }
    }

    [Theory]
    [MemberData(nameof(KernelSets.Names), MemberType = typeof(KernelSets))]
    public void Swi_glu_is_accurate_over_the_whole_range(string name)
    {
        const int Panels = 400;
        var gateUp = new float[Panels * 32];
        for (int i = 0; i < Panels * 16; i++)
        {
            gateUp[i / 16 * 32 + i % 16] = -120f + 240f * i / (Panels * 16);
            gateUp[i / 16 * 32 + 16 + i % 16] = 1.5f;
        }
        float[] y = new float[Panels * 16], scalar = new float[Panels * 16];
        fixed (float* source = gateUp, target = y, ps = scalar)
        {
            KernelSets.Get(name).SwiGlu(source, Panels, target);
            KernelSets.Scalar.SwiGlu(source, Panels, ps);
        }
        for (int i = 0; i < y.Length; i++)
        {
            double gate = gateUp[i / 16 * 32 + i % 16], expected = gate / (1 + Math.Exp(-gate)) * 1.5;
            Assert.True(Math.Abs(y[i] - expected) <= 4e-7 * Math.Abs(expected) + 1e-30, $"gate {gate}: {y[i]}, expected {expected}");
        }
        Assert.Equal(scalar, y);
    }

    [Fact]
    public void The_exponential_is_within_two_units_in_the_last_place()
    {
        float* lanes = stackalloc float[16];
        for (int i = 0; i < 20000; i++)
        {
            float x = -86.9f + 174.8f * i / 20000;
            LanesScalar.Store(lanes, VectorKernel<LanesScalar>.Exp(LanesScalar.Broadcast(x)));
            double expected = Math.Exp(x);
            Assert.True(Math.Abs(lanes[0] - expected) <= expected * 2.4e-7, $"e^{x} is {lanes[0]}, expected {expected}");
        }
    }

    [Theory]
    [MemberData(nameof(KernelSets.Names), MemberType = typeof(KernelSets))]
    public void Rotation_turns_pairs(string name)
    {
        foreach (int half in new[] { 1, 5, 16, 24, 32, 64 })
        {
            var head = Random(2 * half, half);
            var turned = head.ToArray();
            float[] cosines = [.. Random(half, 2).Select(MathF.Cos)], sines = [.. Random(half, 2).Select(MathF.Sin)];
            fixed (float* h = turned, c = cosines, s = sines) KernelSets.Get(name).Rotate(h, c, s, half);
            for (int i = 0; i < half; i++)
            {
                Assert.Equal(head[i] * cosines[i] - head[half + i] * sines[i], turned[i]);
                Assert.Equal(head[half + i] * cosines[i] + head[i] * sines[i], turned[half + i]);
            }
        }
    }

    private static float[] Random(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() * 2 - 1))];
    }
}
