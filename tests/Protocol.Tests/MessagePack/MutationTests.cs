using System.Buffers;

namespace Atlas.Protocol.Tests.MessagePack;

/// <summary>Random values survive a round trip; random bytes end in one of the three declared exceptions, with bounded memory.</summary>
public sealed class MutationTests
{
    private const int Values = 2_000, Mutants = 100_000;

    [Fact]
    public void A_random_value_is_read_as_it_was_written()
    {
        var random = new Random(1);
        for (int i = 0; i < Values; i++)
        {
            var buffer = new ArrayBufferWriter<byte>();
            var writer = new MessagePackWriter(buffer);
            object? value = RandomValue(random, 4);
            Write(ref writer, value);
            writer.Flush();
            byte[] data = buffer.WrittenSpan.ToArray();
            int[] splits = [.. Enumerable.Range(0, 3).Select(_ => random.Next(data.Length + 1)).Order()];
            var reader = new MessagePackReader(Segments.Split(data, splits));
            Assert.Equal(value, Read(ref reader, 0));
            Assert.True(reader.End);
        }
    }

    [Fact]
    public void Mutated_bytes_end_in_a_declared_exception_or_a_value()
    {
        var random = new Random(2);
        int refused = 0;
        for (int i = 0; i < Mutants; i++)
        {
            byte[] data = Convert.FromHexString(GoldenCase.All.Where(c => c.IsWhole).ElementAt(random.Next(90)).Expected);
            for (int flips = random.Next(1, 4); flips > 0; flips--) data[random.Next(data.Length)] = (byte)random.Next(256);
            if (random.Next(3) == 0) data = data[..random.Next(data.Length + 1)];
            long before = GC.GetAllocatedBytesForCurrentThread();
            ReadOnlySequence<byte> bytes = Segments.Split(data, random.Next(data.Length + 1));
            try
            {
                var reader = new MessagePackReader(bytes);
                while (!reader.End) Read(ref reader, 0);
                reader = new MessagePackReader(bytes);
                while (!reader.End) reader.Skip();
            }
            catch (Exception e) when (e is MessagePackSerializationException or EndOfStreamException or OverflowException)
            {
                refused++;
            }
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000);
        }
        Assert.InRange(refused, Mutants / 10, Mutants);
    }

    private static object? RandomValue(Random random, int depth) => random.Next(depth > 0 ? 9 : 7) switch
    {
        0 => null,
        1 => random.Next(2) == 0,
        2 => random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64),
        3 => random.NextDouble(),
        4 => string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => char.ConvertFromUtf32(random.Next(0x20, 0xd7ff)))),
        5 => Convert.ToHexString(Bytes(random)),
        6 => new DateTime(random.NextInt64(DateTime.MaxValue.Ticks), DateTimeKind.Utc),
        7 => Enumerable.Range(0, random.Next(20)).Select(_ => RandomValue(random, depth - 1)).ToArray(),
        _ => Enumerable.Range(0, random.Next(20)).SelectMany(i => new[] { (object?)(long)i, RandomValue(random, depth - 1) }).ToList(),
    };

    private static byte[] Bytes(Random random)
    {
        byte[] bytes = new byte[random.Next(40)];
        random.NextBytes(bytes);
        return bytes;
    }

    // A map is a list of keys and values in turns here, an extension its type and bytes.
    private static object? Read(ref MessagePackReader reader, int depth)
    {
        if (depth > 100) throw new MessagePackSerializationException("too deep for this test");
        switch (reader.NextMessagePackType)
        {
            case MessagePackType.Nil:
                Assert.True(reader.TryReadNil());
                return null;
            case MessagePackType.Boolean:
                return reader.ReadBoolean();
            case MessagePackType.Integer:
                return reader.ReadInt64();
            case MessagePackType.Float:
                return reader.ReadDouble();
            case MessagePackType.String:
                return reader.ReadString();
            case MessagePackType.Binary:
                return Convert.ToHexString(reader.ReadBytes()!.Value.ToArray());
            case MessagePackType.Extension:
                ExtensionHeader header = reader.ReadExtensionFormatHeader();
                return header.TypeCode == -1 ? reader.ReadDateTime(header) : Convert.ToHexString(reader.ReadRaw(header.Length).ToArray());
            case MessagePackType.Array:
                var array = new object?[reader.ReadArrayHeader()];
                for (int i = 0; i < array.Length; i++) array[i] = Read(ref reader, depth + 1);
                return array;
            case MessagePackType.Map:
                int count = reader.ReadMapHeader();
                var map = new List<object?>(count * 2);
                for (int i = 0; i < count * 2; i++) map.Add(Read(ref reader, depth + 1));
                return map;
            default:
                throw new MessagePackSerializationException("never used");
        }
    }

    private static void Write(ref MessagePackWriter writer, object? value)
    {
        switch (value)
        {
            case null: writer.WriteNil(); break;
            case bool flag: writer.Write(flag); break;
            case long number: writer.Write(number); break;
            case double number: writer.Write(number); break;
            case DateTime moment: writer.Write(moment); break;
            case string text when text.Length % 2 == 0 && text.All(char.IsAsciiHexDigitUpper): writer.Write(Convert.FromHexString(text)); break;
            case string text: writer.Write(text); break;
            case object?[] array:
                writer.WriteArrayHeader(array.Length);
                foreach (object? element in array) Write(ref writer, element);
                break;
            case List<object?> map:
                writer.WriteMapHeader(map.Count / 2);
                foreach (object? element in map) Write(ref writer, element);
                break;
        }
    }
}
