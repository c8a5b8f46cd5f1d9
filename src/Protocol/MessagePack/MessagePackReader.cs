using System.Buffers;
using System.Text;

namespace Atlas.Protocol.MessagePack;

/// <summary>
/// Reads MessagePack values, one after another, from bytes that may lie in several pieces. A value that is not what was asked for is a
/// <see cref="MessagePackSerializationException"/>, one that ends too early an <see cref="EndOfStreamException"/>, a number that does
/// not fit an
/// <see cref="OverflowException"/>; the reader's position is then undefined. Numbers and lengths are accepted in longer formats than
/// needed, as the specification allows. Nothing is allocated in proportion to a length that the bytes only claim. Keeps the API of the
/// MessagePack package's type of this name (the subset in use). A copy reads on independently. Not thread-safe.
/// </summary>
public ref struct MessagePackReader
{
    private SequenceReader<byte> _reader;

    /// <summary>A reader of bytes that lie together.</summary>
    public MessagePackReader(ReadOnlyMemory<byte> memory) => _reader = new SequenceReader<byte>(new ReadOnlySequence<byte>(memory));

    /// <summary>A reader of bytes that may lie in several pieces.</summary>
    public MessagePackReader(scoped in ReadOnlySequence<byte> readOnlySequence) => _reader = new SequenceReader<byte>(readOnlySequence);

    /// <summary>All that the reader was given, what it has read included.</summary>
    public readonly ReadOnlySequence<byte> Sequence => _reader.Sequence;

    /// <summary>Where in <see cref="Sequence"/> the next value begins.</summary>
    public readonly SequencePosition Position => _reader.Position;

    /// <summary>Bytes read so far.</summary>
    public readonly long Consumed => _reader.Consumed;

    /// <summary>Whether nothing is left.</summary>
    public readonly bool End => _reader.End;

    /// <summary>Whether nil comes next.</summary>
    public readonly bool IsNil => NextCode == MessagePackCode.Nil;

    /// <summary>First byte of the next value.</summary>
    public readonly byte NextCode => _reader.TryPeek(out byte code) ? code : throw TooShort();

    /// <summary>Kind of the next value.</summary>
    public readonly MessagePackType NextMessagePackType => MessagePackCode.ToMessagePackType(NextCode);

    /// <summary>A reader that begins here and leaves this one where it is.</summary>
    public readonly MessagePackReader CreatePeekReader() => this;

    /// <summary>Passes over the next value with all that it holds. Needs no stack, however deep the value is.</summary>
    public void Skip()
    {
        long owed = 1;
        while (owed > 0)
        {
            owed--;
            byte code = NextCode;
            switch (MessagePackCode.ToMessagePackType(code))
            {
                case MessagePackType.Array:
                    owed += ReadArrayHeader();
                    break;
                case MessagePackType.Map:
                    owed += ReadMapHeader() * 2L;
                    break;
                case MessagePackType.String:
                    Advance(ReadStringLength());
                    break;
                case MessagePackType.Binary:
                    Advance(ReadBinLength());
                    break;
                case MessagePackType.Extension:
                    Advance(ReadExtensionFormatHeader().Length);
                    break;
                case MessagePackType.Integer:
                case MessagePackType.Float:
                    Advance(1 + PayloadOf(code));
                    break;
                case MessagePackType.Unknown:
                    throw Unexpected(code, "a value");
                default:
                    Advance(1);
                    break;
            }
        }
    }

    /// <summary>Reads nil if it comes next.</summary>
    public bool TryReadNil()
    {
        if (!IsNil) return false;
        _reader.Advance(1);
        return true;
    }

    /// <summary>So many bytes as they are, a slice of <see cref="Sequence"/>.</summary>
    public ReadOnlySequence<byte> ReadRaw(long length)
    {
        if ((ulong)length > (ulong)_reader.Remaining) throw TooShort();
        var slice = _reader.Sequence.Slice(_reader.Position, length);
        _reader.Advance(length);
        return slice;
    }

    /// <summary>The next value's bytes as they are, with all that it holds.</summary>
    public ReadOnlySequence<byte> ReadRaw()
    {
        SequencePosition start = _reader.Position;
        Skip();
        return _reader.Sequence.Slice(start, _reader.Position);
    }

    /// <summary>Elements of the array that begins here; there are at least as many bytes left.</summary>
    public int ReadArrayHeader()
    {
        byte code = ReadCode();
        uint count = code switch
        {
            >= MessagePackCode.MinFixArray and <= MessagePackCode.MaxFixArray => code & 0x0fu,
            MessagePackCode.Array16 => ReadTwo(),
            MessagePackCode.Array32 => ReadFour(),
            _ => throw Unexpected(code, "an array"),
        };
        if (count > _reader.Remaining) throw TooShort();
        return checked((int)count);
    }

    /// <summary>Entries of the map that begins here; there are at least twice as many bytes left.</summary>
    public int ReadMapHeader()
    {
        byte code = ReadCode();
        uint count = code switch
        {
            >= MessagePackCode.MinFixMap and <= MessagePackCode.MaxFixMap => code & 0x0fu,
            MessagePackCode.Map16 => ReadTwo(),
            MessagePackCode.Map32 => ReadFour(),
            _ => throw Unexpected(code, "a map"),
        };
        if (count * 2L > _reader.Remaining) throw TooShort();
        return checked((int)count);
    }

    /// <summary>True or false.</summary>
    public bool ReadBoolean() => ReadCode() switch
    {
        MessagePackCode.True => true,
        MessagePackCode.False => false,
        byte code => throw Unexpected(code, "a boolean"),
    };

    /// <summary>A UTF-16 unit that was written as a number.</summary>
    public char ReadChar() => (char)ReadUInt16();

    /// <summary>A number of 0 to 255, in any integer format.</summary>
    public byte ReadByte() => checked((byte)ReadUInt64());

    /// <summary>A number of 16 bits without sign, in any integer format.</summary>
    public ushort ReadUInt16() => checked((ushort)ReadUInt64());

    /// <summary>A number of 32 bits without sign, in any integer format.</summary>
    public uint ReadUInt32() => checked((uint)ReadUInt64());

    /// <summary>A number of 64 bits without sign, in any integer format.</summary>
    public ulong ReadUInt64()
    {
        ulong bits = ReadInteger(out bool negative);
        return negative ? throw new OverflowException($"{(long)bits} is negative; expected 0 or more") : bits;
    }

    /// <summary>A number of -128 to 127, in any integer format.</summary>
    public sbyte ReadSByte() => checked((sbyte)ReadInt64());

    /// <summary>A number of 16 bits, in any integer format.</summary>
    public short ReadInt16() => checked((short)ReadInt64());

    /// <summary>A number of 32 bits, in any integer format.</summary>
    public int ReadInt32()
    {
        // Tokens are read here: the two commonest formats come first.
        if (_reader.TryPeek(out byte code) && code <= MessagePackCode.MaxFixInt)
        {
            _reader.Advance(1);
            return code;
        }
        return checked((int)ReadInt64());
    }

    /// <summary>A number of 64 bits, in any integer format.</summary>
    public long ReadInt64()
    {
        ulong bits = ReadInteger(out bool negative);
        return negative || bits <= long.MaxValue ? (long)bits : throw new OverflowException($"{bits} does not fit into 64 bits with sign");
    }

    /// <summary>A number of any float or integer format, rounded to single precision.</summary>
    public float ReadSingle()
    {
        byte code = NextCode;
        if (code != MessagePackCode.Float32) return (float)ReadDouble();
        _reader.Advance(1);
        return BitConverter.UInt32BitsToSingle(ReadFour());
    }

    /// <summary>A number of any float or integer format.</summary>
    public double ReadDouble()
    {
        switch (NextCode)
        {
            case MessagePackCode.Float32:
                _reader.Advance(1);
                return BitConverter.UInt32BitsToSingle(ReadFour());
            case MessagePackCode.Float64:
                _reader.Advance(1);
                return BitConverter.UInt64BitsToDouble(ReadEight());
            default:
                ulong bits = ReadInteger(out bool negative);
                return negative ? (long)bits : bits;
        }
    }

    /// <summary>A moment in universal time, of any timestamp format; fractions below 100 ns are cut off.</summary>
    public DateTime ReadDateTime() => ReadDateTime(ReadExtensionFormatHeader());

    /// <summary>A moment whose header has been read.</summary>
    public DateTime ReadDateTime(ExtensionHeader header)
    {
        if (header.TypeCode != ReservedMessagePackExtensionTypeCode.DateTime)
            throw new MessagePackSerializationException($"extension type {header.TypeCode}; expected a timestamp (-1)");
        long seconds;
        uint nanoseconds = 0;
        switch (header.Length)
        {
            case 4:
                seconds = ReadFour();
                break;
            case 8:
                ulong both = ReadEight();
                seconds = (long)(both & ((1UL << 34) - 1));
                nanoseconds = (uint)(both >> 34);
                break;
            case 12:
                nanoseconds = ReadFour();
                seconds = (long)ReadEight();
                break;
            default:
                throw new MessagePackSerializationException($"timestamp of {header.Length} bytes; expected 4, 8 or 12");
        }
        const long First = -62135596800, Last = 253402300799;
        if (nanoseconds > 999_999_999)
            throw new MessagePackSerializationException($"{nanoseconds} nanoseconds; expected at most 999999999");
        if (seconds is < First or > Last)
            throw new MessagePackSerializationException($"timestamp of {seconds} s; expected the years 1 to 9999");
        return DateTime.UnixEpoch.AddTicks(seconds * TimeSpan.TicksPerSecond + nanoseconds / 100);
    }

    /// <summary>Bytes of a bin (or of a text, as old encoders write bytes), a slice of <see cref="Sequence"/>; null for nil.</summary>
    public ReadOnlySequence<byte>? ReadBytes()
    {
        if (TryReadNil()) return null;
        return ReadRaw(NextMessagePackType == MessagePackType.String ? ReadStringLength() : ReadBinLength());
    }

    /// <summary>UTF-8 bytes of a text, a slice of <see cref="Sequence"/>; null for nil.</summary>
    public ReadOnlySequence<byte>? ReadStringSequence() => TryReadNil() ? null : ReadRaw(ReadStringLength());

    /// <summary>UTF-8 bytes of a text that lies in one piece; false, and nothing read, where it does not or nil comes next.</summary>
    public bool TryReadStringSpan(out ReadOnlySpan<byte> span)
    {
        span = default;
        if (IsNil) return false;
        long start = _reader.Consumed;
        uint length = ReadStringLength();
        if (length > _reader.Remaining) throw TooShort();
        if (_reader.UnreadSpan.Length < length)
        {
            _reader.Rewind(_reader.Consumed - start);
            return false;
        }
        span = _reader.UnreadSpan[..(int)length];
        _reader.Advance(length);
        return true;
    }

    /// <summary>A text; null for nil. What is not UTF-8 becomes U+FFFD.</summary>
    public string? ReadString()
    {
        if (TryReadStringSpan(out ReadOnlySpan<byte> span)) return Encoding.UTF8.GetString(span);
        return ReadStringSequence() is { } pieces ? Encoding.UTF8.GetString(pieces) : null;
    }

    /// <summary>Header of an extension; there are at least as many bytes left as it announces.</summary>
    public ExtensionHeader ReadExtensionFormatHeader()
    {
        byte code = ReadCode();
        uint length = code switch
        {
            >= MessagePackCode.FixExt1 and <= MessagePackCode.FixExt16 => 1u << (code - MessagePackCode.FixExt1),
            MessagePackCode.Ext8 => ReadCode(),
            MessagePackCode.Ext16 => ReadTwo(),
            MessagePackCode.Ext32 => ReadFour(),
            _ => throw Unexpected(code, "an extension"),
        };
        sbyte type = (sbyte)ReadCode();
        if (length > _reader.Remaining) throw TooShort();
        return new ExtensionHeader(type, length);
    }

    /// <summary>An extension; its bytes are a slice of <see cref="Sequence"/>.</summary>
    public ExtensionResult ReadExtensionFormat()
    {
        ExtensionHeader header = ReadExtensionFormatHeader();
        return new ExtensionResult(header.TypeCode, ReadRaw(header.Length));
    }

    // Bytes behind the first one of a number.
    private static int PayloadOf(byte code) => code switch
    {
        MessagePackCode.UInt8 or MessagePackCode.Int8 => 1,
        MessagePackCode.UInt16 or MessagePackCode.Int16 => 2,
        MessagePackCode.UInt32 or MessagePackCode.Int32 or MessagePackCode.Float32 => 4,
        MessagePackCode.UInt64 or MessagePackCode.Int64 or MessagePackCode.Float64 => 8,
        _ => 0,
    };

    private static EndOfStreamException TooShort() => new("the bytes end inside a value");

    private static MessagePackSerializationException Unexpected(byte code, string expected) =>
        new($"met {MessagePackCode.ToFormatName(code)} (0x{code:x2}); expected {expected}");

    // The number's 64 bits; a negative one is sign-extended.
    private ulong ReadInteger(out bool negative)
    {
        byte code = ReadCode();
        long value;
        switch (code)
        {
            case <= MessagePackCode.MaxFixInt:
                value = code;
                break;
            case >= MessagePackCode.MinNegativeFixInt:
                value = (sbyte)code;
                break;
            case MessagePackCode.UInt8:
                value = ReadCode();
                break;
            case MessagePackCode.UInt16:
                value = ReadTwo();
                break;
            case MessagePackCode.UInt32:
                value = ReadFour();
                break;
            case MessagePackCode.UInt64:
                negative = false;
                return ReadEight();
            case MessagePackCode.Int8:
                value = (sbyte)ReadCode();
                break;
            case MessagePackCode.Int16:
                value = (short)ReadTwo();
                break;
            case MessagePackCode.Int32:
                value = (int)ReadFour();
                break;
            case MessagePackCode.Int64:
                value = (long)ReadEight();
                break;
            default:
                throw Unexpected(code, "a number");
        }
        negative = value < 0;
        return (ulong)value;
    }

    private uint ReadStringLength()
    {
        byte code = ReadCode();
        return code switch
        {
            >= MessagePackCode.MinFixStr and <= MessagePackCode.MaxFixStr => code & 0x1fu,
            MessagePackCode.Str8 => ReadCode(),
            MessagePackCode.Str16 => ReadTwo(),
            MessagePackCode.Str32 => ReadFour(),
            _ => throw Unexpected(code, "a string"),
        };
    }

    private uint ReadBinLength()
    {
        byte code = ReadCode();
        return code switch
        {
            MessagePackCode.Bin8 => ReadCode(),
            MessagePackCode.Bin16 => ReadTwo(),
            MessagePackCode.Bin32 => ReadFour(),
            _ => throw Unexpected(code, "bytes"),
        };
    }

    private byte ReadCode() => _reader.TryRead(out byte code) ? code : throw TooShort();

    private ushort ReadTwo() => _reader.TryReadBigEndian(out short value) ? (ushort)value : throw TooShort();

    private uint ReadFour() => _reader.TryReadBigEndian(out int value) ? (uint)value : throw TooShort();

    private ulong ReadEight() => _reader.TryReadBigEndian(out long value) ? (ulong)value : throw TooShort();

    private void Advance(long count)
    {
        if (count > _reader.Remaining) throw TooShort();
        _reader.Advance(count);
    }
}
