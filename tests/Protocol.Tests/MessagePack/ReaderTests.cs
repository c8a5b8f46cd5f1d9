using System.Buffers;

namespace Atlas.Protocol.Tests.MessagePack;

public sealed class ReaderTests
{
    private delegate T Reading<T>(ref MessagePackReader reader);

    [Theory]
    [InlineData("05")]
    [InlineData("cc05")]
    [InlineData("cd0005")]
    [InlineData("ce00000005")]
    [InlineData("cf0000000000000005")]
    [InlineData("d005")]
    [InlineData("d10005")]
    [InlineData("d200000005")]
    [InlineData("d30000000000000005")]
    public void A_number_is_read_as_any_type_from_any_format(string hex)
    {
        Assert.Equal(5, Read(hex, (ref MessagePackReader r) => r.ReadByte()));
        Assert.Equal(5, Read(hex, (ref MessagePackReader r) => r.ReadSByte()));
        Assert.Equal(5, Read(hex, (ref MessagePackReader r) => r.ReadInt16()));
        Assert.Equal(5, Read(hex, (ref MessagePackReader r) => r.ReadUInt16()));
        Assert.Equal(5, Read(hex, (ref MessagePackReader r) => r.ReadInt32()));
        Assert.Equal(5u, Read(hex, (ref MessagePackReader r) => r.ReadUInt32()));
        Assert.Equal(5, Read(hex, (ref MessagePackReader r) => r.ReadInt64()));
        Assert.Equal(5ul, Read(hex, (ref MessagePackReader r) => r.ReadUInt64()));
        Assert.Equal((char)5, Read(hex, (ref MessagePackReader r) => r.ReadChar()));
        Assert.Equal(5f, Read(hex, (ref MessagePackReader r) => r.ReadSingle()));
        Assert.Equal(5d, Read(hex, (ref MessagePackReader r) => r.ReadDouble()));
    }

    [Theory]
    [InlineData("ff")]
    [InlineData("d0ff")]
    [InlineData("d1ffff")]
    [InlineData("d2ffffffff")]
    [InlineData("d3ffffffffffffffff")]
    public void Minus_one_fits_signed_types_only(string hex)
    {
        Assert.Equal(-1, Read(hex, (ref MessagePackReader r) => r.ReadSByte()));
        Assert.Equal(-1, Read(hex, (ref MessagePackReader r) => r.ReadInt32()));
        Assert.Equal(-1f, Read(hex, (ref MessagePackReader r) => r.ReadSingle()));
        Assert.Throws<OverflowException>(() => Read(hex, (ref MessagePackReader r) => r.ReadByte()));
        Assert.Throws<OverflowException>(() => Read(hex, (ref MessagePackReader r) => r.ReadUInt32()));
        Assert.Throws<OverflowException>(() => Read(hex, (ref MessagePackReader r) => r.ReadUInt64()));
    }

    [Fact]
    public void A_number_that_does_not_fit_overflows()
    {
        Assert.Throws<OverflowException>(() => Read("cd0100", (ref MessagePackReader r) => r.ReadByte()));
        Assert.Throws<OverflowException>(() => Read("cc80", (ref MessagePackReader r) => r.ReadSByte()));
        Assert.Throws<OverflowException>(() => Read("ce80000000", (ref MessagePackReader r) => r.ReadInt32()));
        Assert.Throws<OverflowException>(() => Read("d3ffffffff7fffffff", (ref MessagePackReader r) => r.ReadInt32()));
        Assert.Throws<OverflowException>(() => Read("cf8000000000000000", (ref MessagePackReader r) => r.ReadInt64()));
        Assert.Equal(ulong.MaxValue, Read("cfffffffffffffffff", (ref MessagePackReader r) => r.ReadUInt64()));
        Assert.Equal(18446744073709551615d, Read("cfffffffffffffffff", (ref MessagePackReader r) => r.ReadDouble()));
    }

    [Theory]
    [InlineData("a161")]
    [InlineData("d90161")]
    [InlineData("da000161")]
    [InlineData("db0000000161")]
    public void Longer_string_headers_than_needed_are_read(string hex) => Assert.Equal("a", Read(hex, (ref MessagePackReader r) => r.ReadString()));

    [Theory]
    [InlineData("c40107")]
    [InlineData("c5000107")]
    [InlineData("c60000000107")]
    [InlineData("a107")]
    public void Longer_bin_headers_and_old_raw_are_read(string hex) =>
        Assert.Equal([7], Read(hex, (ref MessagePackReader r) => r.ReadBytes()!.Value.ToArray()));

    [Theory]
    [InlineData("91")]
    [InlineData("dc0001")]
    [InlineData("dd00000001")]
    public void Longer_array_headers_are_read(string hex) => Assert.Equal(1, Read(hex + "c0", (ref MessagePackReader r) => r.ReadArrayHeader(), 1));

    [Theory]
    [InlineData("81")]
    [InlineData("de0001")]
    [InlineData("df00000001")]
    public void Longer_map_headers_are_read(string hex) => Assert.Equal(1, Read(hex + "c0c0", (ref MessagePackReader r) => r.ReadMapHeader(), 2));

    [Theory]
    [InlineData("d6ff00000001")]
    [InlineData("c704ff00000001")]
    [InlineData("c80004ff00000001")]
    [InlineData("c900000004ff00000001")]
    [InlineData("d7ff0000000000000001")]
    [InlineData("c70cff000000000000000000000001")]
    public void Every_timestamp_format_and_header_is_read(string hex)
    {
        DateTime moment = Read(hex, (ref MessagePackReader r) => r.ReadDateTime());
        Assert.Equal(DateTime.UnixEpoch.AddSeconds(1), moment);
        Assert.Equal(DateTimeKind.Utc, moment.Kind);
    }

    [Trait("Codec", "own")]
    [Theory]
    [InlineData("d601ffffffff")] // not type -1
    [InlineData("d5ff0000")] // two bytes
    [InlineData("d7ffee6b280400000000")] // 1,000,000,001 ns
    [InlineData("c70cff00000000ffffff0000000000")] // before year 1
    [InlineData("c70cff000000007fffffffffffffff")]
    public void What_is_no_timestamp_is_refused(string hex) =>
        Assert.Throws<MessagePackSerializationException>(() => Read(hex, (ref MessagePackReader r) => r.ReadDateTime()));

    [Trait("Codec", "own")]
    [Fact]
    public void A_value_of_another_type_is_named()
    {
        var e = Assert.Throws<MessagePackSerializationException>(() => Read("a161", (ref MessagePackReader r) => r.ReadInt32()));
        Assert.Equal("met fixstr (0xa1); expected a number", e.Message);
        Assert.Throws<MessagePackSerializationException>(() => Read("01", (ref MessagePackReader r) => r.ReadString()));
        Assert.Throws<MessagePackSerializationException>(() => Read("01", (ref MessagePackReader r) => r.ReadBoolean()));
        Assert.Throws<MessagePackSerializationException>(() => Read("80", (ref MessagePackReader r) => r.ReadArrayHeader()));
        Assert.Throws<MessagePackSerializationException>(() => Read("90", (ref MessagePackReader r) => r.ReadMapHeader()));
        Assert.Throws<MessagePackSerializationException>(() => Read("90", (ref MessagePackReader r) => r.ReadExtensionFormat().TypeCode));
        Assert.Throws<MessagePackSerializationException>(() => Read("01", (ref MessagePackReader r) => r.ReadBytes()!.Value.Length));
        Assert.Throws<MessagePackSerializationException>(() => Read("c1", (ref MessagePackReader r) => r.ReadRaw().Length));
    }

    [Fact]
    public void Nil_is_no_text_and_no_bytes()
    {
        Assert.Null(Read("c0", (ref MessagePackReader r) => r.ReadString()));
        Assert.Null(Read("c0", (ref MessagePackReader r) => r.ReadBytes()));
        Assert.Null(Read("c0", (ref MessagePackReader r) => r.ReadStringSequence()));
        Assert.False(Read("05", (ref MessagePackReader r) => r.TryReadNil(), 1));
    }

    [Trait("Codec", "own")]
    [Theory]
    [InlineData("c6ffffffff00")]
    [InlineData("dbffffffff00")]
    [InlineData("ddffffffff00")]
    [InlineData("dd7fffffff00")]
    [InlineData("dfffffffff00")]
    [InlineData("c9ffffffff0100")]
    public void Lengths_that_the_bytes_do_not_hold_cost_no_memory(string hex)
    {
        byte[] data = Convert.FromHexString(hex);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<EndOfStreamException>(() =>
        {
            var reader = new MessagePackReader(data);
            reader.Skip();
        });
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Fact]
    public void Deep_nesting_is_skipped_without_a_stack()
    {
        byte[] data = [.. Enumerable.Repeat((byte)0x91, 1_000_000), 0xc0];
        var reader = new MessagePackReader(data);
        reader.Skip();
        Assert.True(reader.End);
    }

    [Fact]
    public void A_span_is_only_there_where_the_text_lies_in_one_piece()
    {
        byte[] data = [0xa3, (byte)'a', (byte)'b', (byte)'c', 0x01];
        var whole = new MessagePackReader(data);
        Assert.True(whole.TryReadStringSpan(out ReadOnlySpan<byte> span));
        Assert.Equal("abc"u8.ToArray(), span.ToArray());
        var split = new MessagePackReader(Segments.Split(data, 2));
        Assert.False(split.TryReadStringSpan(out _));
        Assert.Equal(0, split.Consumed);
        Assert.Equal("abc", split.ReadString());
        Assert.False(Read("c0", (ref MessagePackReader r) => r.TryReadStringSpan(out _), 1));
    }

    [Fact]
    public void A_copy_reads_on_alone()
    {
        var reader = new MessagePackReader(new byte[] { 1, 2, 3 });
        reader.ReadByte();
        MessagePackReader peek = reader.CreatePeekReader();
        Assert.Equal(2, peek.ReadByte());
        Assert.Equal(3, peek.ReadByte());
        Assert.Equal(2, reader.ReadByte());
    }

    [Fact]
    public void A_writer_with_memory_of_few_bytes_writes_the_same()
    {
        foreach (GoldenCase golden in GoldenCase.All.Where(c => c.IsWhole))
        {
            var output = new SmallPieces();
            var writer = new MessagePackWriter(output);
            writer.WriteRaw(golden.Encode());
            writer.WriteRaw(Segments.Single(golden.Encode()));
            writer.Flush();
            Assert.Equal(golden.Expected + golden.Expected, Convert.ToHexStringLower([.. output.Written]));
        }
    }

    [Fact]
    public void Forced_widths_are_kept()
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        writer.WriteUInt8(1);
        writer.WriteUInt16(1);
        writer.WriteUInt32(1);
        writer.WriteUInt64(1);
        writer.WriteInt8(1);
        writer.WriteInt16(1);
        writer.WriteInt32(1);
        writer.WriteInt64(1);
        writer.Write((byte[]?)null);
        writer.Write((string?)null);
        writer.Write('a');
        writer.Flush();
        Assert.Equal("cc01cd0001ce00000001cf0000000000000001d001d10001d200000001d30000000000000001c0c061", Convert.ToHexStringLower(buffer.WrittenSpan));
    }

    [Fact]
    public void The_encoded_length_is_what_is_written()
    {
        foreach (GoldenCase golden in GoldenCase.All.Where(c => c.Kind == "int"))
        {
            int length = golden.Value[0] == '-'
                ? MessagePackWriter.GetEncodedLength(long.Parse(golden.Value))
                : MessagePackWriter.GetEncodedLength(ulong.Parse(golden.Value));
            Assert.Equal(golden.Encode().Length, length);
        }
    }

    private static T Read<T>(string hex, Reading<T> reading, int left = 0)
    {
        byte[] data = Convert.FromHexString(hex);
        var reader = new MessagePackReader(Segments.Single(data));
        T value = reading(ref reader);
        Assert.Equal(data.Length - left, reader.Consumed);
        return value;
    }

    private sealed class SmallPieces : IBufferWriter<byte>
    {
        private byte[] _piece = [];

        public List<byte> Written { get; } = [];

        public void Advance(int count) => Written.AddRange(_piece.AsSpan(0, count));

        public Memory<byte> GetMemory(int sizeHint = 0) => _piece = new byte[Math.Max(sizeHint, 3)];

        public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
    }
}
