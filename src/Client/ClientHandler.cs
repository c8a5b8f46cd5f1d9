using System.Collections.Concurrent;
using Atlas.Protocol.Messages;
using Atlas.Protocol.Rpc;

namespace Atlas.Client;

/// <summary>Takes what a service sends unasked: pieces of generations, by their request number.</summary>
internal sealed class ClientHandler : IRpcHandler
{
    private readonly ConcurrentDictionary<long, GenerationStream> _streams = new();
    private readonly TokensParams _piece = new();

    public void Add(GenerationStream stream) => _streams[stream.Request] = stream;

    public void Remove(GenerationStream stream) => _streams.TryRemove(stream.Request, out _);

    public void OnRequest(RpcConnection connection, uint id, scoped ReadOnlySpan<byte> method, ref MessagePackReader parameters) =>
        throw new RpcException(RpcErrorCode.UnknownMethod, "a client answers no requests");

    public void OnNotification(RpcConnection connection, scoped ReadOnlySpan<byte> method, ref MessagePackReader parameters)
    {
        if (!method.SequenceEqual("tokens"u8)) return;
        RpcParams.Read(ref parameters, _piece);
        // One that was left early may still have pieces on the way.
        if (_streams.TryGetValue(_piece.Request, out GenerationStream? stream)) stream.Add(_piece);
    }

    public void OnClosed(RpcConnection connection, Exception? reason)
    {
    }
}
