namespace Atlas.Protocol.MessagePack;

/// <summary>What precedes an extension's bytes: whose type it is, and how many bytes follow.</summary>
public struct ExtensionHeader
{
    /// <summary>A header; the length in bytes.</summary>
    public ExtensionHeader(sbyte typeCode, uint length)
    {
        TypeCode = typeCode;
        Length = length;
    }

    /// <summary>A header; the length in bytes, which is not negative.</summary>
    public ExtensionHeader(sbyte typeCode, int length)
        : this(typeCode, (uint)length)
    {
    }

    /// <summary>
    /// 0 to 127 are an application's, negative ones the specification's (<see cref="ReservedMessagePackExtensionTypeCode"/>).
    /// </summary>
    public sbyte TypeCode { get; private set; }

    /// <summary>Bytes that follow the header.</summary>
    public uint Length { get; private set; }
}
