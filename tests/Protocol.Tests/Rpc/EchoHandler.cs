using System.Collections.Concurrent;
using System.Text;
using Atlas.Protocol.Rpc;

namespace Atlas.Protocol.Tests.Rpc;

/// <summary>
/// Answers with its parameters: <c>echo</c> at once, <c>later</c> when released, <c>fail</c> and <c>crash</c> with errors.
/// </summary>
internal sealed class EchoHandler : IRpcHandler
{
    private readonly TaskCompletionSource<Exception?> _closed = new();
    private readonly List<(uint Id, RawValue Value)> _later = [];

    public ConcurrentQueue<(string Method, string Hex)> Notifications { get; } = new();

    public Task<Exception?> Closed => _closed.Task;

    public int Waiting
    {
        get
        {
            lock (_later) return _later.Count;
        }
    }

    public void OnRequest(RpcConnection connection, uint id, scoped ReadOnlySpan<byte> method, ref MessagePackReader parameters)
    {
        var value = new RawValue();
        RpcParams.Read(ref parameters, value);
        switch (Encoding.UTF8.GetString(method))
        {
            case "echo":
                connection.Respond(id, value);
                break;
            case "later":
                lock (_later) _later.Add((id, value));
                break;
            case "fail":
                throw new RpcException(new RpcError { Code = RpcErrorCode.StalePosition, Message = "behind", Parameter = "base", Position = 7 });
            case "crash":
                throw new InvalidOperationException("handler broke");
            case "close":
                connection.Abort(new InvalidOperationException("closed on request"));
                break;
            default:
                throw new RpcException(RpcErrorCode.UnknownMethod, "no such method");
        }
    }

    public void OnNotification(RpcConnection connection, scoped ReadOnlySpan<byte> method, ref MessagePackReader parameters)
    {
        var value = new RawValue();
        RpcParams.Read(ref parameters, value);
        Notifications.Enqueue((Encoding.UTF8.GetString(method), value.Hex));
        if (method.SequenceEqual("back"u8)) connection.Notify("returned", value);
        if (method.SequenceEqual("throw"u8)) throw new InvalidOperationException("dropped");
    }

    public void OnClosed(RpcConnection connection, Exception? reason) => _closed.SetResult(reason);

    /// <summary>Answers what waits, the last first.</summary>
    public void Release(RpcConnection connection)
    {
        lock (_later)
        {
            for (int i = _later.Count - 1; i >= 0; i--) connection.Respond(_later[i].Id, _later[i].Value);
            _later.Clear();
        }
    }
}
