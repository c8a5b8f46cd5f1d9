using System.Buffers;
using Atlas.Protocol.Rpc;

namespace Atlas.Host.Tests.Serve;

/// <summary>A request as it lies on the wire, for clients that are none.</summary>
internal static class RequestFrame
{
    public static byte[] Of(string method, IRpcValue parameters)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        writer.WriteArrayHeader(4);
        writer.Write(0);
        writer.Write(1);
        writer.Write(method);
        RpcParams.Write(ref writer, parameters);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
