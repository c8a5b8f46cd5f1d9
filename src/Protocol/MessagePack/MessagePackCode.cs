namespace Atlas.Protocol.MessagePack;

/// <summary>First bytes of the formats, as the MessagePack specification lists them under "Overview".</summary>
public static class MessagePackCode
{
    /// <summary>Lowest positive fixint, the number 0.</summary>
    public const byte MinFixInt = 0x00;

    /// <summary>Highest positive fixint, the number 127.</summary>
    public const byte MaxFixInt = 0x7f;

    /// <summary>A fixmap without entries; the count is in the low four bits.</summary>
    public const byte MinFixMap = 0x80;

    /// <summary>A fixmap of 15 entries.</summary>
    public const byte MaxFixMap = 0x8f;

    /// <summary>A fixarray without elements; the count is in the low four bits.</summary>
    public const byte MinFixArray = 0x90;

    /// <summary>A fixarray of 15 elements.</summary>
    public const byte MaxFixArray = 0x9f;

    /// <summary>An empty fixstr; the length in bytes is in the low five bits.</summary>
    public const byte MinFixStr = 0xa0;

    /// <summary>A fixstr of 31 bytes.</summary>
    public const byte MaxFixStr = 0xbf;

    /// <summary>Nil.</summary>
    public const byte Nil = 0xc0;

    /// <summary>The one byte that begins no format.</summary>
    public const byte NeverUsed = 0xc1;

    /// <summary>False.</summary>
    public const byte False = 0xc2;

    /// <summary>True.</summary>
    public const byte True = 0xc3;

    /// <summary>Bytes, the length in 8 bits.</summary>
    public const byte Bin8 = 0xc4;

    /// <summary>Bytes, the length in 16 bits.</summary>
    public const byte Bin16 = 0xc5;

    /// <summary>Bytes, the length in 32 bits.</summary>
    public const byte Bin32 = 0xc6;

    /// <summary>Extension, the length in 8 bits.</summary>
    public const byte Ext8 = 0xc7;

    /// <summary>Extension, the length in 16 bits.</summary>
    public const byte Ext16 = 0xc8;

    /// <summary>Extension, the length in 32 bits.</summary>
    public const byte Ext32 = 0xc9;

    /// <summary>IEEE 754 single precision.</summary>
    public const byte Float32 = 0xca;

    /// <summary>IEEE 754 double precision.</summary>
    public const byte Float64 = 0xcb;

    /// <summary>Unsigned integer of 8 bits.</summary>
    public const byte UInt8 = 0xcc;

    /// <summary>Unsigned integer of 16 bits.</summary>
    public const byte UInt16 = 0xcd;

    /// <summary>Unsigned integer of 32 bits.</summary>
    public const byte UInt32 = 0xce;

    /// <summary>Unsigned integer of 64 bits.</summary>
    public const byte UInt64 = 0xcf;

    /// <summary>Signed integer of 8 bits.</summary>
    public const byte Int8 = 0xd0;

    /// <summary>Signed integer of 16 bits.</summary>
    public const byte Int16 = 0xd1;

    /// <summary>Signed integer of 32 bits.</summary>
    public const byte Int32 = 0xd2;

    /// <summary>Signed integer of 64 bits.</summary>
    public const byte Int64 = 0xd3;

    /// <summary>Extension of 1 byte.</summary>
    public const byte FixExt1 = 0xd4;

    /// <summary>Extension of 2 bytes.</summary>
    public const byte FixExt2 = 0xd5;

    /// <summary>Extension of 4 bytes.</summary>
    public const byte FixExt4 = 0xd6;

    /// <summary>Extension of 8 bytes.</summary>
    public const byte FixExt8 = 0xd7;

    /// <summary>Extension of 16 bytes.</summary>
    public const byte FixExt16 = 0xd8;

    /// <summary>Text, the length in 8 bits.</summary>
    public const byte Str8 = 0xd9;

    /// <summary>Text, the length in 16 bits.</summary>
    public const byte Str16 = 0xda;

    /// <summary>Text, the length in 32 bits.</summary>
    public const byte Str32 = 0xdb;

    /// <summary>Array, the count in 16 bits.</summary>
    public const byte Array16 = 0xdc;

    /// <summary>Array, the count in 32 bits.</summary>
    public const byte Array32 = 0xdd;

    /// <summary>Map, the count of entries in 16 bits.</summary>
    public const byte Map16 = 0xde;

    /// <summary>Map, the count of entries in 32 bits.</summary>
    public const byte Map32 = 0xdf;

    /// <summary>Lowest negative fixint, the number -32.</summary>
    public const byte MinNegativeFixInt = 0xe0;

    /// <summary>Highest negative fixint, the number -1.</summary>
    public const byte MaxNegativeFixInt = 0xff;

    /// <summary>The kind of value that begins with this byte.</summary>
    public static MessagePackType ToMessagePackType(byte code) => code switch
    {
        <= MaxFixInt or >= MinNegativeFixInt or (>= UInt8 and <= Int64) => MessagePackType.Integer,
        <= MaxFixMap or Map16 or Map32 => MessagePackType.Map,
        <= MaxFixArray or Array16 or Array32 => MessagePackType.Array,
        <= MaxFixStr or (>= Str8 and <= Str32) => MessagePackType.String,
        Nil => MessagePackType.Nil,
        False or True => MessagePackType.Boolean,
        >= Bin8 and <= Bin32 => MessagePackType.Binary,
        (>= Ext8 and <= Ext32) or (>= FixExt1 and <= FixExt16) => MessagePackType.Extension,
        Float32 or Float64 => MessagePackType.Float,
        _ => MessagePackType.Unknown,
    };

    /// <summary>The format's name as the specification writes it, such as <c>fixstr</c> or <c>uint 16</c>.</summary>
    public static string ToFormatName(byte code) => code switch
    {
        <= MaxFixInt => "positive fixint",
        <= MaxFixMap => "fixmap",
        <= MaxFixArray => "fixarray",
        <= MaxFixStr => "fixstr",
        Nil => "nil",
        NeverUsed => "(never used)",
        False => "false",
        True => "true",
        Bin8 => "bin 8",
        Bin16 => "bin 16",
        Bin32 => "bin 32",
        Ext8 => "ext 8",
        Ext16 => "ext 16",
        Ext32 => "ext 32",
        Float32 => "float 32",
        Float64 => "float 64",
        UInt8 => "uint 8",
        UInt16 => "uint 16",
        UInt32 => "uint 32",
        UInt64 => "uint 64",
        Int8 => "int 8",
        Int16 => "int 16",
        Int32 => "int 32",
        Int64 => "int 64",
        FixExt1 => "fixext 1",
        FixExt2 => "fixext 2",
        FixExt4 => "fixext 4",
        FixExt8 => "fixext 8",
        FixExt16 => "fixext 16",
        Str8 => "str 8",
        Str16 => "str 16",
        Str32 => "str 32",
        Array16 => "array 16",
        Array32 => "array 32",
        Map16 => "map 16",
        Map32 => "map 32",
        _ => "negative fixint",
    };
}
