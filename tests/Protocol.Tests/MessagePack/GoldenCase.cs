using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Atlas.Protocol.Tests.MessagePack;

/// <summary>A line of golden/msgpack.txt: a value, and what python3-msgpack makes of it.</summary>
public sealed record GoldenCase(string Kind, string Value, string Expected)
{
    private static readonly string[] Lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "golden", "msgpack.txt"));

    public static IReadOnlyList<GoldenCase> All { get; } = [.. Lines.Select(l => l.Split('\t')).Select(p => new GoldenCase(p[0], p[1], p[2]))];

    /// <summary>Whether the committed bytes are there, not only their hash.</summary>
    public bool IsWhole => !Expected.StartsWith("sha256:", StringComparison.Ordinal);

    public byte[] Encode()
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        Write(ref writer);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The encoding as the golden file shows it.</summary>
    public static string Show(byte[] data) =>
        data.Length <= 300 ? Hex(data) : $"sha256:{Hex(SHA256.HashData(data))}:{data.Length}";

    /// <summary>Reads the value and fails unless it is this one.</summary>
    public void Verify(ref MessagePackReader reader)
    {
        switch (Kind)
        {
            case "nil":
                Assert.Equal(MessagePackType.Nil, reader.NextMessagePackType);
                Assert.True(reader.TryReadNil());
                break;
            case "bool":
                Assert.Equal(Value == "true", reader.ReadBoolean());
                break;
            case "int" when Value[0] == '-':
                Assert.Equal(MessagePackType.Integer, reader.NextMessagePackType);
                Assert.Equal(Int64, reader.ReadInt64());
                break;
            case "int":
                Assert.Equal(MessagePackType.Integer, reader.NextMessagePackType);
                Assert.Equal(ulong.Parse(Value, CultureInfo.InvariantCulture), reader.ReadUInt64());
                break;
            case "float32":
                Assert.Equal(SingleBits, BitConverter.SingleToUInt32Bits(reader.ReadSingle()));
                break;
            case "float64":
                Assert.Equal(DoubleBits, BitConverter.DoubleToUInt64Bits(reader.ReadDouble()));
                break;
            case "str" or "text":
                Assert.Equal(MessagePackType.String, reader.NextMessagePackType);
                Assert.Equal(Text, reader.ReadString());
                break;
            case "bin":
                Assert.Equal(MessagePackType.Binary, reader.NextMessagePackType);
                Assert.Equal(Payload(Count), reader.ReadBytes()!.Value.ToArray());
                break;
            case "array":
                Assert.Equal(Count, reader.ReadArrayHeader());
                for (int i = 0; i < Count; i++) Assert.Equal(i % 128, reader.ReadInt32());
                break;
            case "map":
                Assert.Equal(Count, reader.ReadMapHeader());
                for (int i = 0; i < Count; i++)
                {
                    Assert.Equal(i % 128, reader.ReadByte());
                    Assert.Equal(-(i % 32) - 1, reader.ReadSByte());
                }
                break;
            case "ext":
                Assert.Equal(MessagePackType.Extension, reader.NextMessagePackType);
                ExtensionResult extension = reader.ReadExtensionFormat();
                Assert.Equal(Numbers[0], extension.TypeCode);
                Assert.Equal(Payload((int)Numbers[1]), extension.Data.ToArray());
                break;
            case "timestamp":
                Assert.Equal(Moment, reader.ReadDateTime());
                break;
            default:
                Assert.Fail($"kind {Kind}");
                break;
        }
    }

    public override string ToString() => $"{Kind} {Value}";

    private void Write(ref MessagePackWriter writer)
    {
        switch (Kind)
        {
            case "nil":
                writer.WriteNil();
                break;
            case "bool":
                writer.Write(Value == "true");
                break;
            case "int" when Value[0] == '-':
                writer.Write(Int64);
                break;
            case "int":
                writer.Write(ulong.Parse(Value, CultureInfo.InvariantCulture));
                break;
            case "float32":
                writer.Write(BitConverter.UInt32BitsToSingle(SingleBits));
                break;
            case "float64":
                writer.Write(BitConverter.UInt64BitsToDouble(DoubleBits));
                break;
            case "str" or "text":
                writer.Write(Text);
                break;
            case "bin":
                writer.Write(Payload(Count));
                break;
            case "array":
                writer.WriteArrayHeader(Count);
                for (int i = 0; i < Count; i++) writer.Write(i % 128);
                break;
            case "map":
                writer.WriteMapHeader(Count);
                for (int i = 0; i < Count; i++)
                {
                    writer.Write(i % 128);
                    writer.Write(-(i % 32) - 1);
                }
                break;
            case "ext":
                writer.WriteExtensionFormat(new ExtensionResult((sbyte)Numbers[0], Payload((int)Numbers[1])));
                break;
            case "timestamp":
                writer.Write(Moment);
                break;
            default:
                Assert.Fail($"kind {Kind}");
                break;
        }
    }

    private int Count => int.Parse(Value, CultureInfo.InvariantCulture);

    private long Int64 => long.Parse(Value, CultureInfo.InvariantCulture);

    private uint SingleBits => uint.Parse(Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private ulong DoubleBits => ulong.Parse(Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private long[] Numbers => [.. Value.Split(' ').Select(n => long.Parse(n, CultureInfo.InvariantCulture))];

    private DateTime Moment => DateTime.UnixEpoch.AddTicks(Numbers[0] * TimeSpan.TicksPerSecond + Numbers[1] / 100);

    private string Text => Kind == "text"
        ? Encoding.UTF8.GetString(Convert.FromHexString(Value))
        : string.Concat(Enumerable.Range(0, Count).Select(i => (char)('a' + i % 26)));

    private static byte[] Payload(int count) => [.. Enumerable.Range(0, count).Select(i => (byte)i)];

    private static string Hex(byte[] data) => Convert.ToHexStringLower(data);
}
