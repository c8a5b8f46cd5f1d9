using System.Buffers;
using System.Buffers.Binary;

namespace Atlas.Protocol.Rpc;

/// <summary>
/// Finds where the next message ends, going on where it stopped when more bytes have come: every byte is looked at once, however small the
/// pieces. Refuses what can be no message as soon as that shows: a first byte that is no array, the byte 0xc1, a length beyond the
/// limit, too many levels. Allocates nothing after its construction.
/// </summary>
internal sealed class FrameScanner
{
    private readonly long _limit;
    private readonly long[] _owed;
    private int _level;
    private long _scanned;
    private long _payload;

    /// <summary>A scanner that stands before a message.</summary>
    /// <param name="maxBytes">Longest message.</param>
    /// <param name="maxDepth">Most arrays and maps within one another.</param>
    public FrameScanner(long maxBytes, int maxDepth)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxBytes);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxDepth, 1);
        _limit = maxBytes;
        // Level 0 owes the message itself.
        _owed = new long[maxDepth + 1];
        _owed[0] = 1;
    }

    /// <summary>Whether a message has begun and not ended.</summary>
    public bool InMessage => _scanned > 0;

    /// <summary>
    /// True with the length of the message that <paramref name="buffer"/> begins with; false where it does not end in it. The next call
    /// is given a buffer that begins with the same message and more of it, or, after true, with the message behind.
    /// </summary>
    /// <exception cref="RpcProtocolException">The bytes are no message, or exceed a limit.</exception>
    public bool TryScan(in ReadOnlySequence<byte> buffer, out long length)
    {
        var reader = new SequenceReader<byte>(_scanned == 0 ? buffer : buffer.Slice(_scanned));
        Span<byte> header = stackalloc byte[5];
        while (true)
        {
            reader.Advance(ScanWhole(reader.UnreadSpan));
            if (_payload > 0)
            {
                long count = Math.Min(_payload, reader.Remaining);
                reader.Advance(count);
                _scanned += count;
                _payload -= count;
            }
            if (_payload > 0) break;
            if (_level == 0 && _owed[0] == 0)
            {
                length = _scanned;
                _scanned = 0;
                _owed[0] = 1;
                return true;
            }
            if (!reader.TryPeek(out byte code)) break;
            int size = 1 + LengthBytes(code);
            if (size == 1)
            {
                header[0] = code;
            }
            else if (!reader.TryCopyTo(header[..size]))
            {
                break;
            }
            reader.Advance(size);
            _scanned += size;
            Count(code, header[1..size]);
        }
        length = 0;
        return false;
    }

    // Scans values whose headers lie whole in the bytes, up to the message's end; returns how many bytes that took.
    private int ScanWhole(ReadOnlySpan<byte> bytes)
    {
        int at = (int)Math.Min(_payload, bytes.Length);
        _scanned += at;
        _payload -= at;
        while (at < bytes.Length && _payload == 0 && (_level > 0 || _owed[0] > 0))
        {
            byte code = bytes[at];
            int size = 1 + LengthBytes(code);
            if (size > bytes.Length - at) break;
            _scanned += size;
            Count(code, bytes.Slice(at + 1, size - 1));
            at += size;
            int count = (int)Math.Min(_payload, bytes.Length - at);
            at += count;
            _scanned += count;
            _payload -= count;
        }
        return at;
    }

    // Bytes of the length that follow the first byte.
    private static int LengthBytes(byte code) => code switch
    {
        MessagePackCode.Bin8 or MessagePackCode.Str8 or MessagePackCode.Ext8 => 1,
        MessagePackCode.Bin16 or MessagePackCode.Str16 or MessagePackCode.Ext16 or MessagePackCode.Array16 or MessagePackCode.Map16 => 2,
        MessagePackCode.Bin32 or MessagePackCode.Str32 or MessagePackCode.Ext32 or MessagePackCode.Array32 or MessagePackCode.Map32 => 4,
        _ => 0,
    };

    private void Count(byte code, ReadOnlySpan<byte> lengthBytes)
    {
        if (_level > 0 && code is <= MessagePackCode.MaxFixInt or >= MessagePackCode.MinNegativeFixInt)
        {
            End();
            return;
        }
        MessagePackType type = MessagePackCode.ToMessagePackType(code);
        if (_level == 0 && type != MessagePackType.Array)
            throw new RpcProtocolException($"a message begins with {MessagePackCode.ToFormatName(code)} (0x{code:x2}); expected an array");
        long length = lengthBytes.Length switch
        {
            1 => lengthBytes[0],
            2 => BinaryPrimitives.ReadUInt16BigEndian(lengthBytes),
            4 => BinaryPrimitives.ReadUInt32BigEndian(lengthBytes),
            _ => LengthWithin(code),
        };
        long values = 0;
        switch (type)
        {
            case MessagePackType.Array: values = length; break;
            case MessagePackType.Map: values = length * 2; break;
            case MessagePackType.Extension: _payload = length + 1; break;
            case MessagePackType.Unknown: throw new RpcProtocolException("a message holds the byte 0xc1, which is no MessagePack");
            default: _payload = length; break;
        }
        // A value takes at least a byte.
        if (_scanned + _payload + values > _limit)
            throw new RpcProtocolException($"a message is longer than the limit of {_limit} bytes");
        if (values == 0)
        {
            End();
            return;
        }
        _owed[_level]--;
        if (_level + 1 == _owed.Length)
            throw new RpcProtocolException($"a message nests deeper than the limit of {_owed.Length - 1} levels");
        _owed[++_level] = values;
    }

    // A value that holds no others has come, and with it maybe the last of those that hold it.
    private void End()
    {
        _owed[_level]--;
        while (_level > 0 && _owed[_level] == 0) _level--;
    }

    // Length or count that the first byte holds or implies.
    private static long LengthWithin(byte code) => code switch
    {
        >= MessagePackCode.MinFixMap and <= MessagePackCode.MaxFixArray => code & 0x0f,
        >= MessagePackCode.MinFixStr and <= MessagePackCode.MaxFixStr => code & 0x1f,
        >= MessagePackCode.FixExt1 and <= MessagePackCode.FixExt16 => 1 << (code - MessagePackCode.FixExt1),
        MessagePackCode.UInt8 or MessagePackCode.Int8 => 1,
        MessagePackCode.UInt16 or MessagePackCode.Int16 => 2,
        MessagePackCode.UInt32 or MessagePackCode.Int32 or MessagePackCode.Float32 => 4,
        MessagePackCode.UInt64 or MessagePackCode.Int64 or MessagePackCode.Float64 => 8,
        _ => 0,
    };
}
