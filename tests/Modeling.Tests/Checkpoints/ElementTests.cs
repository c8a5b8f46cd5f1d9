using System.Runtime.InteropServices;
using Atlas.Modeling.Checkpoints;

namespace Atlas.Modeling.Tests.Checkpoints;

/// <summary>Widening of every 16-bit pattern, narrowing by round-to-nearest-even, at every length up to several vectors.</summary>
public class ElementTests
{
    [Fact]
    public void Every_half_widens_exactly()
    {
        ushort[] all = [.. Enumerable.Range(0, 65536).Select(i => (ushort)i)];
        var wide = new float[all.Length];
        Widening.ToSingle(WeightType.F16, MemoryMarshal.AsBytes<ushort>(all), wide);
        for (int i = 0; i < all.Length; i++)
        {
            float expected = (float)BitConverter.UInt16BitsToHalf(all[i]);
            if (float.IsNaN(expected)) Assert.True(float.IsNaN(wide[i]));
            else Assert.Equal(BitConverter.SingleToUInt32Bits(expected), BitConverter.SingleToUInt32Bits(wide[i]));
        }
    }

    [Fact]
    public void Every_bfloat16_widens_exactly_and_narrows_back()
    {
        ushort[] all = [.. Enumerable.Range(0, 65536).Select(i => (ushort)i)], back = new ushort[65536];
        var wide = new float[all.Length];
        Widening.ToSingle(WeightType.BF16, MemoryMarshal.AsBytes<ushort>(all), wide);
        Narrowing.ToBFloat16(wide, back);
        for (int i = 0; i < all.Length; i++)
        {
            Assert.Equal((uint)i << 16, BitConverter.SingleToUInt32Bits(wide[i]));
            Assert.Equal(float.IsNaN(wide[i]) ? i | 0x40 : i, back[i]);
        }
    }

    [Theory]
    [InlineData(0x3f80_8000u, 0x3f80)] // halfway, even below
    [InlineData(0x3f81_8000u, 0x3f82)] // halfway, even above
    [InlineData(0x3f80_8001u, 0x3f81)]
    [InlineData(0x3f80_7fffu, 0x3f80)]
    [InlineData(0xbf81_8000u, 0xbf82)]
    [InlineData(0x7f7f_ffffu, 0x7f80)] // largest f32 rounds to infinity
    [InlineData(0x0000_8000u, 0x0000)]
    [InlineData(0x0000_8001u, 0x0001)]
    [InlineData(0x7f80_0000u, 0x7f80)]
    [InlineData(0x7f80_0001u, 0x7fc0)] // a NaN whose payload would vanish
    [InlineData(0xffff_ffffu, 0xffff)]
    public void Narrowing_rounds_to_nearest_even(uint bits, int expected)
    {
        foreach (int length in (int[])[1, 16, 17])
        {
            var narrow = new ushort[length];
            Narrowing.ToBFloat16(Enumerable.Repeat(BitConverter.UInt32BitsToSingle(bits), length).ToArray(), narrow);
            Assert.All(narrow, n => Assert.Equal(expected, n));
        }
    }

    [Fact]
    public void Narrowing_is_never_further_off_than_the_neighbours()
    {
        var random = new Random(5);
        var values = new float[10_000];
        for (int i = 0; i < values.Length; i++) values[i] = BitConverter.UInt32BitsToSingle((uint)random.NextInt64(0x7f00_0000));
        var narrow = new ushort[values.Length];
        Narrowing.ToBFloat16(values, narrow);
        double Distance(float value, int bits) => Math.Abs((double)BitConverter.UInt32BitsToSingle((uint)bits << 16) - value);
        for (int i = 0; i < values.Length; i++)
        {
            Assert.True(Distance(values[i], narrow[i]) <= Distance(values[i], narrow[i] + 1));
            if (narrow[i] > 0) Assert.True(Distance(values[i], narrow[i]) <= Distance(values[i], narrow[i] - 1));
        }
    }

    [Theory]
    [InlineData(WeightType.F32)]
    [InlineData(WeightType.F16)]
    [InlineData(WeightType.BF16)]
    public void Every_length_and_alignment_gives_the_same_elements(WeightType type)
    {
        var random = new Random(3);
        int size = Widening.Size(type);
        var bytes = new byte[70 * size + 8];
        random.NextBytes(bytes);
        for (int shift = 0; shift < 4; shift++)
        {
            for (int length = 0; length < 66; length++)
            {
                var together = new float[length];
                Widening.ToSingle(type, bytes.AsSpan(shift, length * size), together);
                for (int i = 0; i < length; i++)
                {
                    var alone = new float[1];
                    Widening.ToSingle(type, bytes.AsSpan(shift + i * size, size), alone);
                    Assert.Equal(BitConverter.SingleToUInt32Bits(alone[0]), BitConverter.SingleToUInt32Bits(together[i]));
                }
            }
        }
    }
}
