using System.Buffers;
using System.Net.Sockets;
using Atlas.Protocol.Rpc;

namespace Atlas.Protocol.Tests;

/// <summary>Bytes of values and messages, and connected pairs of sockets.</summary>
internal static class Wire
{
    public static byte[] Encode(IRpcValue value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        value.Write(ref writer);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    public static T Decode<T>(byte[] bytes)
        where T : IRpcValue, new()
    {
        var value = new T();
        var reader = new MessagePackReader(bytes);
        value.Read(ref reader);
        Assert.True(reader.End);
        return value;
    }

    /// <summary>The two ends of a Unix domain socket.</summary>
    public static async Task<(Stream Client, Stream Server)> ConnectAsync()
    {
        string path = Path.Combine(Path.GetTempPath(), $"atlas-{Guid.NewGuid():N}.sock");
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        Task<Socket> accepting = listener.AcceptAsync();
        Stream client = await RpcEndpoint.Unix(path).ConnectAsync();
        Stream server = new NetworkStream(await accepting, ownsSocket: true);
        File.Delete(path);
        return (client, server);
    }
}
