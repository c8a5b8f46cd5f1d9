using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Atlas.Protocol.MessagePack;

/// <summary>
/// Writes MessagePack values in their shortest formats. Bytes reach the buffer writer with <see cref="Flush"/>, or earlier when a piece
/// of its memory is full. Keeps the API of the MessagePack package's type of this name (the subset in use). Not thread-safe.
/// </summary>
public ref struct MessagePackWriter
{
    private const int MaxHeader = 6;

    private readonly IBufferWriter<byte> _output;
    private Span<byte> _free;
    private int _pending;

    /// <summary>A writer that appends to <paramref name="writer"/>, which nobody else may write to until <see cref="Flush"/>.</summary>
    public MessagePackWriter(IBufferWriter<byte> writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        _output = writer;
        _free = default;
        _pending = 0;
    }

    /// <summary>Bytes that <see cref="Write(long)"/> takes for a number: 1, 2, 3, 5 or 9.</summary>
    public static int GetEncodedLength(long value) => value switch
    {
        >= 0 => GetEncodedLength((ulong)value),
        >= -32 => 1,
        >= sbyte.MinValue => 2,
        >= short.MinValue => 3,
        >= int.MinValue => 5,
        _ => 9,
    };

    /// <summary>Bytes that <see cref="Write(ulong)"/> takes for a number: 1, 2, 3, 5 or 9.</summary>
    public static int GetEncodedLength(ulong value) => value switch
    {
        <= MessagePackCode.MaxFixInt => 1,
        <= byte.MaxValue => 2,
        <= ushort.MaxValue => 3,
        <= uint.MaxValue => 5,
        _ => 9,
    };

    /// <summary>Hands everything written so far to the buffer writer. Nothing is guaranteed to be there before.</summary>
    public void Flush()
    {
        if (_pending > 0) _output.Advance(_pending);
        _pending = 0;
        _free = default;
    }

    /// <summary>Memory for at least this many bytes (at least one), to be filled and then counted by <see cref="Advance"/>.</summary>
    public Span<byte> GetSpan(int length)
    {
        if (_free.Length < Math.Max(length, 1))
        {
            Flush();
            _free = _output.GetSpan(length);
        }
        return _free;
    }

    /// <summary>Counts bytes filled into what <see cref="GetSpan"/> returned.</summary>
    public void Advance(int length)
    {
        _free = _free[length..];
        _pending += length;
    }

    /// <summary>Nil.</summary>
    public void WriteNil() => WriteCode(MessagePackCode.Nil);

    /// <summary>Bytes as they are, which must be whole MessagePack values or the content of a header written before.</summary>
    public void WriteRaw(ReadOnlySpan<byte> rawMessagePackBlock) => Copy(rawMessagePackBlock);

    /// <summary>Bytes as they are, in several pieces.</summary>
    public void WriteRaw(in ReadOnlySequence<byte> rawMessagePackBlock)
    {
        foreach (ReadOnlyMemory<byte> piece in rawMessagePackBlock) WriteRaw(piece.Span);
    }

    /// <summary>Header of an array; its elements are written next.</summary>
    public void WriteArrayHeader(int count) => WriteArrayHeader((uint)count);

    /// <summary>Header of an array of up to 2^32 - 1 elements.</summary>
    public void WriteArrayHeader(uint count) => WriteCountHeader(count, MessagePackCode.MinFixArray, MessagePackCode.Array16);

    /// <summary>Header of a map; a key and a value per entry are written next.</summary>
    public void WriteMapHeader(int count) => WriteMapHeader((uint)count);

    /// <summary>Header of a map of up to 2^32 - 1 entries.</summary>
    public void WriteMapHeader(uint count) => WriteCountHeader(count, MessagePackCode.MinFixMap, MessagePackCode.Map16);

    /// <summary>A number in the shortest format.</summary>
    public void Write(byte value) => Write((ulong)value);

    /// <summary>A number in the shortest format.</summary>
    public void Write(ushort value) => Write((ulong)value);

    /// <summary>A number in the shortest format.</summary>
    public void Write(uint value) => Write((ulong)value);

    /// <summary>A number in the shortest format.</summary>
    public void Write(sbyte value) => Write((long)value);

    /// <summary>A number in the shortest format.</summary>
    public void Write(short value) => Write((long)value);

    /// <summary>A number in the shortest format; unsigned formats where it is not negative.</summary>
    public void Write(int value) => Write((long)value);

    /// <summary>A number in the shortest format.</summary>
    public void Write(ulong value)
    {
        switch (value)
        {
            case <= MessagePackCode.MaxFixInt: WriteCode((byte)value); break;
            case <= byte.MaxValue: WriteUInt8((byte)value); break;
            case <= ushort.MaxValue: WriteUInt16((ushort)value); break;
            case <= uint.MaxValue: WriteUInt32((uint)value); break;
            default: WriteUInt64(value); break;
        }
    }

    /// <summary>A number in the shortest format; unsigned formats where it is not negative.</summary>
    public void Write(long value)
    {
        switch (value)
        {
            case >= 0: Write((ulong)value); break;
            case >= -32: WriteCode((byte)value); break;
            case >= sbyte.MinValue: WriteInt8((sbyte)value); break;
            case >= short.MinValue: WriteInt16((short)value); break;
            case >= int.MinValue: WriteInt32((int)value); break;
            default: WriteInt64(value); break;
        }
    }

    /// <summary>A number as uint 8, also where fixint would do.</summary>
    public void WriteUInt8(byte value)
    {
        Span<byte> span = GetSpan(2);
        span[0] = MessagePackCode.UInt8;
        span[1] = value;
        Advance(2);
    }

    /// <summary>A number as uint 16.</summary>
    public void WriteUInt16(ushort value) => WriteTwo(MessagePackCode.UInt16, value);

    /// <summary>A number as uint 32.</summary>
    public void WriteUInt32(uint value) => WriteFour(MessagePackCode.UInt32, value);

    /// <summary>A number as uint 64.</summary>
    public void WriteUInt64(ulong value) => WriteEight(MessagePackCode.UInt64, value);

    /// <summary>A number as int 8, also where fixint would do.</summary>
    public void WriteInt8(sbyte value)
    {
        Span<byte> span = GetSpan(2);
        span[0] = MessagePackCode.Int8;
        span[1] = (byte)value;
        Advance(2);
    }

    /// <summary>A number as int 16.</summary>
    public void WriteInt16(short value) => WriteTwo(MessagePackCode.Int16, (ushort)value);

    /// <summary>A number as int 32.</summary>
    public void WriteInt32(int value) => WriteFour(MessagePackCode.Int32, (uint)value);

    /// <summary>A number as int 64.</summary>
    public void WriteInt64(long value) => WriteEight(MessagePackCode.Int64, (ulong)value);

    /// <summary>True or false.</summary>
    public void Write(bool value) => WriteCode(value ? MessagePackCode.True : MessagePackCode.False);

    /// <summary>A UTF-16 unit as a number.</summary>
    public void Write(char value) => Write((ulong)value);

    /// <summary>A number as float 32.</summary>
    public void Write(float value) => WriteFour(MessagePackCode.Float32, BitConverter.SingleToUInt32Bits(value));

    /// <summary>A number as float 64.</summary>
    public void Write(double value) => WriteEight(MessagePackCode.Float64, BitConverter.DoubleToUInt64Bits(value));

    /// <summary>A moment as the shortest timestamp that holds it, to 100 ns; local times are turned into universal ones.</summary>
    public void Write(DateTime dateTime)
    {
        if (dateTime.Kind == DateTimeKind.Local) dateTime = dateTime.ToUniversalTime();
        long ticks = dateTime.Ticks - DateTime.UnixEpoch.Ticks;
        (long seconds, long rest) = Math.DivRem(ticks, TimeSpan.TicksPerSecond);
        if (rest < 0)
        {
            seconds--;
            rest += TimeSpan.TicksPerSecond;
        }
        uint nanoseconds = (uint)rest * 100;
        if (seconds is < 0 or >= 1L << 34)
        {
            WriteExtensionFormatHeader(new ExtensionHeader(ReservedMessagePackExtensionTypeCode.DateTime, 12));
            Span<byte> span = GetSpan(12);
            BinaryPrimitives.WriteUInt32BigEndian(span, nanoseconds);
            BinaryPrimitives.WriteInt64BigEndian(span[4..], seconds);
            Advance(12);
        }
        else if (nanoseconds != 0 || seconds > uint.MaxValue)
        {
            WriteExtensionFormatHeader(new ExtensionHeader(ReservedMessagePackExtensionTypeCode.DateTime, 8));
            BinaryPrimitives.WriteUInt64BigEndian(GetSpan(8), ((ulong)nanoseconds << 34) | (ulong)seconds);
            Advance(8);
        }
        else
        {
            WriteExtensionFormatHeader(new ExtensionHeader(ReservedMessagePackExtensionTypeCode.DateTime, 4));
            BinaryPrimitives.WriteUInt32BigEndian(GetSpan(4), (uint)seconds);
            Advance(4);
        }
    }

    /// <summary>Bytes as bin; null as nil.</summary>
    public void Write(byte[]? src)
    {
        if (src is null) WriteNil();
        else Write(src.AsSpan());
    }

    /// <summary>Bytes as bin.</summary>
    public void Write(scoped ReadOnlySpan<byte> src)
    {
        WriteBinHeader(src.Length);
        Copy(src);
    }

    /// <summary>Bytes in several pieces as one bin.</summary>
    public void Write(in ReadOnlySequence<byte> src)
    {
        WriteBinHeader(checked((int)src.Length));
        WriteRaw(src);
    }

    /// <summary>Header of a bin; <see cref="WriteRaw(ReadOnlySpan{byte})"/> writes its bytes.</summary>
    public void WriteBinHeader(int length)
    {
        if (length <= byte.MaxValue) WriteByteLength(MessagePackCode.Bin8, length);
        else if (length <= ushort.MaxValue) WriteTwo(MessagePackCode.Bin16, (ushort)length);
        else WriteFour(MessagePackCode.Bin32, (uint)length);
    }

    /// <summary>Text that is UTF-8 already.</summary>
    public void WriteString(ReadOnlySpan<byte> utf8stringBytes)
    {
        WriteStringHeader(utf8stringBytes.Length);
        WriteRaw(utf8stringBytes);
    }

    /// <summary>Text that is UTF-8 already, in several pieces.</summary>
    public void WriteString(in ReadOnlySequence<byte> utf8stringBytes)
    {
        WriteStringHeader(checked((int)utf8stringBytes.Length));
        WriteRaw(utf8stringBytes);
    }

    /// <summary>Header of a text; <see cref="WriteRaw(ReadOnlySpan{byte})"/> writes its UTF-8 bytes.</summary>
    public void WriteStringHeader(int byteCount)
    {
        if (byteCount <= 31) WriteCode((byte)(MessagePackCode.MinFixStr | byteCount));
        else if (byteCount <= byte.MaxValue) WriteByteLength(MessagePackCode.Str8, byteCount);
        else if (byteCount <= ushort.MaxValue) WriteTwo(MessagePackCode.Str16, (ushort)byteCount);
        else WriteFour(MessagePackCode.Str32, (uint)byteCount);
    }

    /// <summary>Text; null as nil. Lone surrogates become U+FFFD.</summary>
    public void Write(string? value)
    {
        if (value is null) WriteNil();
        else Write(value.AsSpan());
    }

    /// <summary>Text. Lone surrogates become U+FFFD.</summary>
    public void Write(scoped ReadOnlySpan<char> value)
    {
        int length = Encoding.UTF8.GetByteCount(value);
        WriteStringHeader(length);
        Advance(Encoding.UTF8.GetBytes(value, GetSpan(length)));
    }

    /// <summary>Header of an extension in the shortest format; <see cref="WriteRaw(ReadOnlySpan{byte})"/> writes its bytes.</summary>
    public void WriteExtensionFormatHeader(ExtensionHeader extensionHeader)
    {
        Span<byte> span = GetSpan(MaxHeader);
        uint length = extensionHeader.Length;
        int size = 1;
        span[0] = length switch
        {
            1 => MessagePackCode.FixExt1,
            2 => MessagePackCode.FixExt2,
            4 => MessagePackCode.FixExt4,
            8 => MessagePackCode.FixExt8,
            16 => MessagePackCode.FixExt16,
            <= byte.MaxValue => MessagePackCode.Ext8,
            <= ushort.MaxValue => MessagePackCode.Ext16,
            _ => MessagePackCode.Ext32,
        };
        switch (span[0])
        {
            case MessagePackCode.Ext8:
                span[1] = (byte)length;
                size = 2;
                break;
            case MessagePackCode.Ext16:
                BinaryPrimitives.WriteUInt16BigEndian(span[1..], (ushort)length);
                size = 3;
                break;
            case MessagePackCode.Ext32:
                BinaryPrimitives.WriteUInt32BigEndian(span[1..], length);
                size = 5;
                break;
        }
        span[size] = (byte)extensionHeader.TypeCode;
        Advance(size + 1);
    }

    /// <summary>An extension, header and bytes.</summary>
    public void WriteExtensionFormat(ExtensionResult extensionData)
    {
        WriteExtensionFormatHeader(extensionData.Header);
        WriteRaw(extensionData.Data);
    }

    private void Copy(scoped ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            Span<byte> span = GetSpan(1);
            int count = Math.Min(span.Length, bytes.Length);
            bytes[..count].CopyTo(span);
            Advance(count);
            bytes = bytes[count..];
        }
    }

    private void WriteCode(byte code)
    {
        GetSpan(1)[0] = code;
        Advance(1);
    }

    private void WriteByteLength(byte code, int length)
    {
        Span<byte> span = GetSpan(2);
        span[0] = code;
        span[1] = (byte)length;
        Advance(2);
    }

    private void WriteCountHeader(uint count, byte fix, byte code16)
    {
        if (count <= 15) WriteCode((byte)(fix | count));
        else if (count <= ushort.MaxValue) WriteTwo(code16, (ushort)count);
        else WriteFour((byte)(code16 + 1), count);
    }

    private void WriteTwo(byte code, ushort value)
    {
        Span<byte> span = GetSpan(3);
        span[0] = code;
        BinaryPrimitives.WriteUInt16BigEndian(span[1..], value);
        Advance(3);
    }

    private void WriteFour(byte code, uint value)
    {
        Span<byte> span = GetSpan(5);
        span[0] = code;
        BinaryPrimitives.WriteUInt32BigEndian(span[1..], value);
        Advance(5);
    }

    private void WriteEight(byte code, ulong value)
    {
        Span<byte> span = GetSpan(9);
        span[0] = code;
        BinaryPrimitives.WriteUInt64BigEndian(span[1..], value);
        Advance(9);
    }
}
