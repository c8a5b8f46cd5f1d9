using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Atlas.Host.Tests.Serve;

/// <summary>One value of an export of metrics, as opentelemetry-proto's metrics/v1 has it.</summary>
/// <param name="Service">The resource's <c>service.name</c>.</param>
/// <param name="Name">The metric's name.</param>
/// <param name="IsCounter">Whether it is a monotonic sum; otherwise it is a gauge.</param>
/// <param name="Label">Its attribute as <c>name=value</c>; empty for none.</param>
/// <param name="Value">The value.</param>
internal sealed record OtlpPoint(string Service, string Name, bool IsCounter, string Label, double Value)
{
    /// <summary>Counts by size; null for what is no histogram, whose value is the count.</summary>
    public OtlpBuckets? Buckets { get; init; }

    /// <summary>Reads an <c>ExportMetricsServiceRequest</c>.</summary>
    public static IReadOnlyList<OtlpPoint> ReadExport(byte[] message)
    {
        List<OtlpPoint> points = [];
        foreach (var resourceMetrics in Messages(message, 1))
        {
            string service = Messages(resourceMetrics, 1).SelectMany(resource => Messages(resource, 1)).Select(Attribute)
                .Single(attribute => attribute.StartsWith("service.name=", StringComparison.Ordinal))["service.name=".Length..];
            foreach (byte[] metric in Messages(resourceMetrics, 2).SelectMany(scope => Messages(scope, 2)))
            {
                string name = Encoding.UTF8.GetString(Messages(metric, 1).Single());
                foreach (byte[] gauge in Messages(metric, 5)) points.AddRange(Messages(gauge, 1).Select(point => Point(service, name, false, point)));
                foreach (byte[] sum in Messages(metric, 7))
                {
                    Assert.Contains(Fields(sum), field => field is { Number: 3, Scalar: 1 });
                    points.AddRange(Messages(sum, 1).Select(point => Point(service, name, true, point)));
                }
                foreach (byte[] histogram in Messages(metric, 9)) points.AddRange(Messages(histogram, 1).Select(point => Histogram(service, name, point)));
            }
        }
        return points;
    }

    private static OtlpPoint Point(string service, string name, bool isCounter, byte[] point)
    {
        var value = Fields(point).Single(field => field.Number is 4 or 6);
        return new OtlpPoint(
            service, name, isCounter, string.Join(',', Messages(point, 7).Select(Attribute)),
            value.Number == 4 ? BitConverter.Int64BitsToDouble((long)value.Scalar) : (long)value.Scalar);
    }

    private static OtlpPoint Histogram(string service, string name, byte[] point)
    {
        double sum = BitConverter.Int64BitsToDouble((long)Fields(point).Single(field => field.Number == 5).Scalar);
        long[] counts = [.. MemoryMarshal.Cast<byte, long>(Messages(point, 6).Single())];
        double[] bounds = [.. MemoryMarshal.Cast<byte, double>(Messages(point, 7).Single())];
        return new OtlpPoint(service, name, false, string.Join(',', Messages(point, 9).Select(Attribute)), Fields(point).Single(field => field.Number == 4).Scalar)
        {
            Buckets = new OtlpBuckets(bounds, counts, sum),
        };
    }

    private static string Attribute(byte[] pair)
    {
        string key = Encoding.UTF8.GetString(Messages(pair, 1).Single());
        return $"{key}={string.Concat(Messages(pair, 2).SelectMany(value => Messages(value, 1)).Select(Encoding.UTF8.GetString))}";
    }

    private static IEnumerable<byte[]> Messages(byte[] message, int number) => Fields(message).Where(field => field.Number == number && field.Bytes is not null).Select(field => field.Bytes!);

    // Protocol Buffers' wire format: a tag of number and type, then a varint, eight bytes, a length and so many bytes, or four bytes.
    private static IEnumerable<(int Number, ulong Scalar, byte[]? Bytes)> Fields(byte[] message)
    {
        for (int at = 0; at < message.Length;)
        {
            ulong tag = Varint(message, ref at);
            int number = (int)(tag >> 3);
            switch (tag & 7)
            {
                case 0:
                    yield return (number, Varint(message, ref at), null);
                    break;
                case 1:
                    yield return (number, BinaryPrimitives.ReadUInt64LittleEndian(message.AsSpan(at, 8)), null);
                    at += 8;
                    break;
                case 2:
                    int length = (int)Varint(message, ref at);
                    yield return (number, 0, message[at..(at + length)]);
                    at += length;
                    break;
                case 5:
                    yield return (number, BinaryPrimitives.ReadUInt32LittleEndian(message.AsSpan(at, 4)), null);
                    at += 4;
                    break;
                default:
                    throw new InvalidDataException($"wire type {tag & 7} at {at}");
            }
        }
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = message[at++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80) return value;
        }
    }
}
