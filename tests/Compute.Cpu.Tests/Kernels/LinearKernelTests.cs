using Atlas.Modeling;

namespace Atlas.Compute.Cpu.Tests.Kernels;

public class LinearKernelTests
{
    private static readonly WeightFormat[] Formats = [WeightFormat.F32, WeightFormat.BF16, WeightFormat.Int8];

    [Theory]
    [MemberData(nameof(KernelSets.Names), MemberType = typeof(KernelSets))]
    public void Products_are_those_of_a_plain_double_loop(string name)
    {
        var kernels = KernelSets.Get(name);
        foreach (var format in Formats)
            foreach (int inputs in new[] { 1, 2, 31, 64, 65, 127, 200, 300 })
            {
                using var test = new LinearCase(format, inputs, panels: 6, rows: 7, seed: inputs);
                var expected = test.Reference();
                var actual = test.Run(kernels, 0, 7);
                // Inputs are quantized for 8-bit weights: half a step of 2^-15 for each.
                double tolerance = format == WeightFormat.Int8 ? 1e-4 + inputs * 1e-6 : 1e-4;
                for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], tolerance);
            }
    }

    [Theory]
    [MemberData(nameof(KernelSets.Names), MemberType = typeof(KernelSets))]
    public void A_row_has_the_same_bits_whatever_is_computed_with_it(string name)
    {
        var kernels = KernelSets.Get(name);
        var random = new Random(5);
        foreach (var format in Formats)
        {
            int inputs = random.Next(1, 200), panels = random.Next(1, 11);
            using var test = new LinearCase(format, inputs, panels, rows: 33, seed: 9);
            var alone = Enumerable.Range(0, 33).SelectMany(row => test.Run(KernelSets.Scalar, row, 1)).ToArray();
            for (int rows = 1; rows <= 33; rows++)
            {
                int first = random.Next(34 - rows), split = random.Next(panels + 1);
                Assert.Equal(alone[(first * panels * 16)..((first + rows) * panels * 16)], test.Run(kernels, first, rows, split));
            }
        }
    }

    [Theory]
    [MemberData(nameof(KernelSets.Names), MemberType = typeof(KernelSets))]
    public void A_row_has_the_same_bits_when_inputs_are_taken_in_chunks(string name)
    {
        foreach (var format in Formats)
            foreach (int inputs in new[] { 1024, 1025, 2100 })
            {
                using var test = new LinearCase(format, inputs, panels: 5, rows: 13, seed: inputs);
                var alone = Enumerable.Range(0, 13).SelectMany(row => test.Run(KernelSets.Scalar, row, 1)).ToArray();
                foreach (int rows in new[] { 1, 6, 7, 8, 13 })
                    Assert.Equal(alone[..(rows * 5 * 16)], test.Run(KernelSets.Get(name), 0, rows));
            }
    }

    [Theory]
    [MemberData(nameof(KernelSets.Names), MemberType = typeof(KernelSets))]
    public unsafe void Quantized_inputs_are_off_by_at_most_half_a_step(string name)
    {
        var random = new Random(3);
        foreach (int count in new[] { 1, 63, 64, 100, 200 })
        {
            int groups = Cpu.Kernels.Int8Panels.Groups(count);
            // What lies behind a row is not a number and must not count.
            float[] x = [.. Enumerable.Range(0, count).Select(i => (float)((random.NextDouble() - 0.5) * Math.Pow(10, i / 64 * 4 - 4))), float.NaN];
            short[] values = new short[groups * 64], scalar = new short[groups * 64];
            float[] scales = new float[groups], scalarScales = new float[groups];
            fixed (float* source = x, s = scales, ss = scalarScales)
            fixed (short* v = values, sv = scalar)
            {
                KernelSets.Get(name).Quantize(source, count, v, s);
                KernelSets.Scalar.Quantize(source, count, sv, ss);
            }
            Assert.Equal(scalar, values);
            Assert.Equal(scalarScales, scales);
            for (int i = 0; i < values.Length; i++)
                Assert.Equal(i < count ? x[i] : 0, values[i] * (double)scales[i / 64], 0.501 * scales[i / 64]);
        }
    }

    [Theory]
    [MemberData(nameof(KernelSets.Names), MemberType = typeof(KernelSets))]
    public unsafe void Groups_of_zeros_and_of_tiny_values_quantize_to_zeros_and_infinities_stay(string name)
    {
        var x = new float[192];
        Array.Fill(x, 1e-35f, 64, 64);
        x[130] = float.PositiveInfinity;
        var values = new short[192];
        var scales = new float[3];
        fixed (float* source = x, s = scales)
        fixed (short* v = values)
            KernelSets.Get(name).Quantize(source, 192, v, s);
        Assert.All(values[..128], v => Assert.Equal(0, v));
        Assert.True(scales[1] < 1e-35f);
        Assert.False(float.IsFinite(scales[2]));
    }

    [Fact]
    public void F32_weights_are_kept_exactly()
    {
        using var test = new LinearCase(WeightFormat.F32, 37, 2, 1, 1);
        for (int n = 0; n < 32; n++) Assert.Equal(test.Source[(n * 37)..((n + 1) * 37)], test.Unpacked(n));
    }

    [Fact]
    public void Bf16_weights_are_rounded_to_nearest_even()
    {
        using var test = new LinearCase(WeightFormat.BF16, 37, 2, 1, 1);
        for (int n = 0; n < 32; n++)
            for (int k = 0; k < 37; k++)
            {
                float exact = test.Source[n * 37 + k], kept = test.Unpacked(n)[k];
                Assert.Equal(0u, BitConverter.SingleToUInt32Bits(kept) & 0xffff);
                Assert.True(Math.Abs(exact - kept) <= Math.Abs(exact) / 256);
            }
        Assert.Equal(0x3f80u, Cpu.Kernels.Bf16Panels.Round(BitConverter.UInt32BitsToSingle(0x3f808000)));
        Assert.Equal(0x3f82u, Cpu.Kernels.Bf16Panels.Round(BitConverter.UInt32BitsToSingle(0x3f818000)));
        Assert.Equal(0x3f81u, Cpu.Kernels.Bf16Panels.Round(BitConverter.UInt32BitsToSingle(0x3f808001)));
        Assert.Equal(0x7f80u, Cpu.Kernels.Bf16Panels.Round(float.PositiveInfinity));
        Assert.True(float.IsNaN(BitConverter.UInt32BitsToSingle(Cpu.Kernels.Bf16Panels.Round(BitConverter.UInt32BitsToSingle(0x7f800001)) << 16)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(100)]
    [InlineData(129)]
    public void Int8_weights_are_off_by_at_most_half_a_step(int inputs)
    {
        using var test = new LinearCase(WeightFormat.Int8, inputs, 1, 1, 1);
        for (int n = 0; n < 16; n++)
        {
            var kept = test.Unpacked(n);
            for (int from = 0; from < inputs; from += 64)
            {
                var group = test.Source.AsSpan(n * inputs + from, Math.Min(64, inputs - from));
                float max = 0;
                foreach (float w in group) max = Math.Max(max, Math.Abs(w));
                for (int k = 0; k < group.Length; k++) Assert.True(Math.Abs(group[k] - kept[from + k]) <= max / 127 * 0.5001f);
            }
        }
    }
}
