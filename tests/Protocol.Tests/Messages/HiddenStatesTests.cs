using Atlas.Protocol.Messages;
using Atlas.Protocol.Rpc;

namespace Atlas.Protocol.Tests.Messages;

/// <summary>Hidden states as bytes: what is written is read, and what does not fit is refused.</summary>
public sealed class HiddenStatesTests
{
    [Theory]
    [InlineData(HiddenType.F32)]
    [InlineData(HiddenType.F16)]
    [InlineData(HiddenType.BF16)]
    public void Any_numbers_travel_as_the_nearest_of_the_layout(HiddenType type)
    {
        var random = new Random(3);
        for (int round = 0; round < 200; round++)
        {
            int width = random.Next(1, 70), tokens = random.Next(1, 5);
            // All that four bytes can be: subnormal, infinite and no numbers among them.
            float[] states = [.. Enumerable.Range(0, width * tokens).Select(_ => BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue)))];
            var update = new SequenceUpdate { Session = 1 };
            update.Tokens.Set(new int[tokens]);
            update.SetHidden(states, type);
            var got = Wire.Decode<SequenceUpdate>(Wire.Encode(update));
            Assert.Equal((type, states.Length * got.HiddenNumberBytes), (got.HiddenType, got.Hidden.Count));
            float[] state = new float[width];
            for (int row = 0; row < tokens; row++)
            {
                got.ReadHidden(row, state);
                for (int i = 0; i < width; i++) Assert.Equal(Nearest(type, states[(row * width) + i]), state[i]);
            }
            Assert.Throws<ArgumentOutOfRangeException>(() => got.ReadHidden(tokens, state));
        }
    }

    [Fact]
    public void Any_number_of_bytes_is_whole_rows_or_refused_by_name()
    {
        var random = new Random(4);
        for (int i = 0; i < 5_000; i++)
        {
            var update = new SequenceUpdate { Session = 1, HiddenType = (HiddenType)random.Next(3) };
            update.Tokens.Set(new int[random.Next(4)]);
            update.Hidden.Set(new byte[random.Next(64)]);
            byte[] bytes = Wire.Encode(update);
            int row = update.Tokens.Count * update.HiddenNumberBytes;
            if (update.Hidden.Count == 0 || (row > 0 && update.Hidden.Count % row == 0)) Assert.Equal(update.Hidden.Span.ToArray(), Wire.Decode<SequenceUpdate>(bytes).Hidden.Span.ToArray());
            else Assert.Equal("hidden", Assert.Throws<RpcException>(() => Wire.Decode<SequenceUpdate>(bytes)).Error.Parameter);
        }
    }

    private static float Nearest(HiddenType type, float number)
    {
        if (type == HiddenType.F32) return number;
        if (type == HiddenType.F16) return (float)(Half)number;
        if (!float.IsFinite(number)) return number;
        // Of the two neighbours the nearer one, and the even one of two that are equally near; beyond the largest is infinity.
        uint bits = BitConverter.SingleToUInt32Bits(number), low = bits & 0xffff_0000, rest = bits & 0xffff;
        bool up = rest > 0x8000 || (rest == 0x8000 && (low & 0x1_0000) != 0);
        return BitConverter.UInt32BitsToSingle(up ? low + 0x1_0000 : low);
    }
}
