using Atlas.Compute.Cpu.Kernels;
using Atlas.Compute.Cpu.Memory;

namespace Atlas.Compute.Cpu.Tests.Kernels;

public unsafe class AttentionKernelTests
{
    [Theory]
    [MemberData(nameof(KernelSets.Names), MemberType = typeof(KernelSets))]
    public void Output_is_the_softmax_average_of_the_values(string name)
    {
        foreach (int width in new[] { 16, 48, 64, 80, 128 })
            foreach (int count in new[] { 1, 2, 15, 16, 17, 63, 150 })
            {
                var (query, keys, values) = Inputs(width, count);
                var actual = Run(KernelSets.Get(name), query, keys, values, width, committed: count, path: []);
                var scores = new double[count];
                for (int j = 0; j < count; j++)
                    for (int d = 0; d < width; d++)
                        scores[j] += (double)query[d] * keys[j * width + d] / Math.Sqrt(width);
                double sum = scores.Sum(Math.Exp);
                for (int d = 0; d < width; d++)
                {
                    double expected = 0;
                    for (int j = 0; j < count; j++) expected += Math.Exp(scores[j]) / sum * values[j * width + d];
                    Assert.Equal(expected, actual[d], 2e-6);
                }
            }
    }

    [Theory]
    [MemberData(nameof(KernelSets.Names), MemberType = typeof(KernelSets))]
    public void Bits_depend_on_logical_order_only(string name)
    {
        var random = new Random(8);
        for (int round = 0; round < 40; round++)
        {
            int width = 16 * random.Next(1, 9), count = random.Next(1, 60);
            var (query, keys, values) = Inputs(width, count);
            var expected = Run(KernelSets.Scalar, query, keys, values, width, count, []);
            int committed = random.Next(count + 1);
            // Pending rows lie in slots of their own, scattered, in any order.
            var slots = Enumerable.Range(committed, 2 * count).OrderBy(_ => random.Next()).Take(count - committed).ToArray();
            float[] spreadKeys = new float[3 * count * width], spreadValues = new float[3 * count * width];
            keys.AsSpan(0, committed * width).CopyTo(spreadKeys);
            values.AsSpan(0, committed * width).CopyTo(spreadValues);
            for (int i = 0; i < slots.Length; i++)
            {
                keys.AsSpan((committed + i) * width, width).CopyTo(spreadKeys.AsSpan(slots[i] * width));
                values.AsSpan((committed + i) * width, width).CopyTo(spreadValues.AsSpan(slots[i] * width));
            }
            Assert.Equal(expected, Run(KernelSets.Get(name), query, spreadKeys, spreadValues, width, committed, slots));
        }
    }

    private static (float[] Query, float[] Keys, float[] Values) Inputs(int width, int count)
    {
        var random = new Random(width * 1000 + count);
        float[] Next(int n) => [.. Enumerable.Range(0, n).Select(_ => (float)(random.NextDouble() * 4 - 2))];
        return (Next(width), Next(width * count), Next(width * count));
    }

    private static float[] Run(CpuKernels kernels, float[] query, float[] keys, float[] values, int width, int committed, int[] path)
    {
        using var scores = new AlignedBuffer<float>(committed + path.Length + 16);
        using var output = new AlignedBuffer<float>(width);
        fixed (float* q = query, k = keys, v = values)
        fixed (int* p = path)
            kernels.Attend(new AttentionOperands
            {
                Query = q,
                Keys = k,
                Values = v,
                Width = width,
                Committed = committed,
                Path = p,
                PathLength = path.Length,
                Scale = 1f / MathF.Sqrt(width),
                Scores = scores.Pointer,
                Output = output.Pointer,
            });
        return output.Span(0, width).ToArray();
    }
}
