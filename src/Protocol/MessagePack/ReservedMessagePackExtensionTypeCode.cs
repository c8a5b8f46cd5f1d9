namespace Atlas.Protocol.MessagePack;

/// <summary>Extension types that the specification itself defines; they are negative, applications have 0 to 127.</summary>
public static class ReservedMessagePackExtensionTypeCode
{
    /// <summary>A timestamp of 32, 64 or 96 bits.</summary>
    public const sbyte DateTime = -1;
}
