using System.Buffers;
using Atlas.Protocol.Rpc;
using Atlas.Protocol.Tests.MessagePack;

namespace Atlas.Protocol.Tests.Rpc;

public sealed class FrameScannerTests
{
    [Fact]
    public void Every_format_within_a_message_is_passed_over_whatever_the_pieces()
    {
        foreach (GoldenCase golden in GoldenCase.All.Where(c => c.IsWhole))
        {
            byte[] value = Convert.FromHexString(golden.Expected);
            byte[] message = [0x92, .. value, 0x07];
            byte[] two = [.. message, .. message];
            for (int step = 1; step <= two.Length; step += step < 8 ? 1 : 50)
            {
                var scanner = new FrameScanner(1 << 20, 4);
                var lengths = new List<long>();
                int start = 0;
                for (int have = Math.Min(step, two.Length); ; have = Math.Min(have + step, two.Length))
                {
                    while (scanner.TryScan(Segments.Split(two[start..have], (have - start) / 2), out long length))
                    {
                        lengths.Add(length);
                        start += (int)length;
                    }
                    if (have == two.Length) break;
                }
                Assert.Equal([message.Length, message.Length], lengths);
                Assert.False(scanner.InMessage);
            }
        }
    }

    [Theory]
    [InlineData("90")]
    [InlineData("93" + "8201900290" + "92c09101" + "80")]
    [InlineData("91dc00029090")]
    [InlineData("92de000101c4020102" + "c0")]
    public void A_message_ends_where_its_last_value_ends(string hex)
    {
        byte[] message = Convert.FromHexString(hex);
        byte[] more = [.. message, 0x93];
        Assert.True(new FrameScanner(100, 4).TryScan(new ReadOnlySequence<byte>(more), out long length));
        Assert.Equal(message.Length, length);
        Assert.False(new FrameScanner(100, 4).TryScan(new ReadOnlySequence<byte>(message[..^1]), out _));
    }

    [Theory]
    [InlineData("80", "a message begins with fixmap (0x80); expected an array")]
    [InlineData("47", "a message begins with positive fixint (0x47); expected an array")]
    [InlineData("92c1", "a message holds the byte 0xc1, which is no MessagePack")]
    [InlineData("91c6ffffffff", "a message is longer than the limit of 100 bytes")]
    [InlineData("91dbffffffff", "a message is longer than the limit of 100 bytes")]
    [InlineData("91c9ffffffff", "a message is longer than the limit of 100 bytes")]
    [InlineData("ddffffffff", "a message is longer than the limit of 100 bytes")]
    [InlineData("91dfffffffff", "a message is longer than the limit of 100 bytes")]
    [InlineData("91d964", "a message is longer than the limit of 100 bytes")]
    [InlineData("9191919191", "a message nests deeper than the limit of 4 levels")]
    [InlineData("9181019101", null)]
    public void What_can_be_no_message_is_refused_as_soon_as_it_shows(string hex, string? fault)
    {
        var scanner = new FrameScanner(100, 4);
        var bytes = Segments.Single(Convert.FromHexString(hex));
        if (fault is null) Assert.True(scanner.TryScan(bytes, out _));
        else Assert.Equal(fault, Assert.Throws<RpcProtocolException>(() => scanner.TryScan(bytes, out _)).Message);
    }

    [Fact]
    public void Random_bytes_are_refused_or_wait_for_more_and_cost_no_memory()
    {
        var random = new Random(3);
        byte[] data = new byte[200];
        var scanner = new FrameScanner(1000, 8);
        scanner.TryScan(ReadOnlySequence<byte>.Empty, out _);
        for (int i = 0; i < 50_000; i++)
        {
            random.NextBytes(data);
            data[0] = (byte)(0x90 | random.Next(16));
            scanner = new FrameScanner(1000, 8);
            try
            {
                var bytes = new ReadOnlySequence<byte>(data);
                while (!bytes.IsEmpty && scanner.TryScan(bytes, out long length)) bytes = bytes.Slice(length);
            }
            catch (RpcProtocolException)
            {
                // One of the two outcomes.
            }
        }
    }
}
