using System.Buffers;

namespace Atlas.Protocol.MessagePack;

/// <summary>An extension: its type and its bytes, which are a slice of what was read and live as long as that.</summary>
public struct ExtensionResult
{
    /// <summary>An extension of bytes that lie together.</summary>
    public ExtensionResult(sbyte typeCode, Memory<byte> data)
        : this(typeCode, new ReadOnlySequence<byte>(data))
    {
    }

    /// <summary>An extension of bytes that may lie in several pieces.</summary>
    public ExtensionResult(sbyte typeCode, ReadOnlySequence<byte> data)
    {
        TypeCode = typeCode;
        Data = data;
    }

    /// <summary>0 to 127 are an application's, negative ones the specification's.</summary>
    public sbyte TypeCode { get; private set; }

    /// <summary>The bytes behind the header.</summary>
    public ReadOnlySequence<byte> Data { get; private set; }

    /// <summary>Type and length.</summary>
    public readonly ExtensionHeader Header => new(TypeCode, (uint)Data.Length);
}
