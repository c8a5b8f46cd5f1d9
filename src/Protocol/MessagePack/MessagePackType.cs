namespace Atlas.Protocol.MessagePack;

/// <summary>Kinds of value in MessagePack's type system; each has one or more formats.</summary>
public enum MessagePackType : byte
{
    /// <summary>The byte 0xc1, which no value may begin with.</summary>
    Unknown = 0,

    /// <summary>A whole number from -2^63 to 2^64 - 1.</summary>
    Integer = 1,

    /// <summary>No value.</summary>
    Nil = 2,

    /// <summary>True or false.</summary>
    Boolean = 3,

    /// <summary>An IEEE 754 number of 32 or 64 bits.</summary>
    Float = 4,

    /// <summary>UTF-8 text.</summary>
    String = 5,

    /// <summary>Bytes.</summary>
    Binary = 6,

    /// <summary>Values in order.</summary>
    Array = 7,

    /// <summary>Pairs of key and value.</summary>
    Map = 8,

    /// <summary>Bytes with an application's or the specification's type number; timestamps are such.</summary>
    Extension = 9,
}
