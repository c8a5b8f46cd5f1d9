using System.Buffers;
using Atlas.Protocol.Rpc;

namespace Atlas.Protocol.Tests.Rpc;

/// <summary>Any value, as its bytes.</summary>
internal sealed class RawValue : IRpcValue
{
    public RawValue()
    {
    }

    public RawValue(string hex) => Bytes = Convert.FromHexString(hex);

    public byte[] Bytes { get; private set; } = [0xc0];

    public string Hex => Convert.ToHexStringLower(Bytes);

    public void Write(ref MessagePackWriter writer) => writer.WriteRaw(Bytes);

    public void Read(ref MessagePackReader reader) => Bytes = reader.ReadRaw().ToArray();
}
