using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;

namespace Atlas.Protocol.Rpc;

/// <summary>Reads messages from a connection's stream and hands them on: requests and notifications to the handler, responses to who waits for them.</summary>
internal sealed class MessageReceiver
{
    private readonly RpcConnection _connection;
    private readonly CallTable _calls;
    private readonly PipeReader _input;
    private readonly FrameScanner _scanner;

    /// <summary>A receiver that begins with <see cref="RunAsync"/>; the stream stays the connection's.</summary>
    public MessageReceiver(RpcConnection connection, Stream stream, CallTable calls, RpcOptions options)
    {
        _connection = connection;
        _calls = calls;
        _input = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 16 << 10, minimumReadSize: 2 << 10, leaveOpen: true));
        _scanner = new FrameScanner(options.MaxMessageBytes, options.MaxDepth);
    }

    /// <summary><see cref="Environment.TickCount64"/> of when bytes last came.</summary>
    public long LastReceived { get; private set; } = Environment.TickCount64;

    /// <summary>Whether a message has begun and not ended.</summary>
    public bool InMessage => _scanner.InMessage;

    /// <summary>Reads until the other end closes, or the connection ends otherwise.</summary>
    /// <exception cref="RpcProtocolException">What came is no MessagePack-RPC, or exceeds a limit.</exception>
    public async Task RunAsync()
    {
        while (Take(await _input.ReadAsync(_connection.Aborted).ConfigureAwait(false))) { }
    }

    /// <summary>
    /// The same on the calling thread, which waits in the kernel until bytes come: the runtime would wake a thread that watches all sockets, and that one
    /// a thread of the pool.
    /// </summary>
    /// <param name="socket">The stream's; shutting down its receiving side ends the wait.</param>
    /// <exception cref="RpcProtocolException">As for <see cref="RunAsync"/>.</exception>
    public void Run(Socket socket)
    {
        ReadResult read;
        do
        {
            socket.Poll(Timeout.Infinite, SelectMode.SelectRead);
            // Something is there now, so this reads it at once.
            ValueTask<ReadResult> reading = _input.ReadAsync(_connection.Aborted);
            read = reading.IsCompleted ? reading.Result : reading.AsTask().GetAwaiter().GetResult();
        }
        while (Take(read));
    }

    /// <summary>Lets go of what was read.</summary>
    public ValueTask CompleteAsync() => _input.CompleteAsync();

    // Hands on what is whole; false where the other end has closed.
    private bool Take(ReadResult read)
    {
        LastReceived = Environment.TickCount64;
        ReadOnlySequence<byte> rest = Dispatch(read.Buffer);
        if (read.IsCompleted)
        {
            if (!rest.IsEmpty)
                throw new RpcProtocolException($"the connection ended inside a message, {rest.Length} bytes after its beginning");
            return false;
        }
        _input.AdvanceTo(rest.Start, rest.End);
        return true;
    }

    private ReadOnlySequence<byte> Dispatch(ReadOnlySequence<byte> buffer)
    {
        while (_scanner.TryScan(buffer, out long length))
        {
            var reader = new MessagePackReader(buffer.Slice(0, length));
            try
            {
                DispatchMessage(ref reader);
            }
            catch (Exception e) when (RpcException.IsWireFault(e))
            {
                throw new RpcProtocolException($"a message is no MessagePack-RPC: {e.Message}");
            }
            buffer = buffer.Slice(length);
        }
        return buffer;
    }

    private void DispatchMessage(ref MessagePackReader reader)
    {
        int count = reader.ReadArrayHeader();
        if (count == 0) throw new RpcProtocolException("a message is an empty array; expected 3 or 4 elements");
        var type = (RpcMessageType)reader.ReadInt32();
        int expected = type switch
        {
            RpcMessageType.Request or RpcMessageType.Response => 4,
            RpcMessageType.Notification => 3,
            _ => throw new RpcProtocolException($"a message of type {(int)type}; expected 0, 1 or 2"),
        };
        if (count != expected) throw new RpcProtocolException($"a message of type {(int)type} has {count} elements; expected {expected}");
        uint id = type == RpcMessageType.Notification ? 0 : reader.ReadUInt32();
        if (type == RpcMessageType.Response)
        {
            _calls.OnResponse(id, ref reader);
            return;
        }
        if (reader.TryReadStringSpan(out ReadOnlySpan<byte> method))
        {
            OnCall(type, id, method.Length <= RpcConnection.MaxMethodBytes ? method : default, ref reader);
            return;
        }
        var pieces = reader.ReadStringSequence() ?? throw new RpcProtocolException("a message's method is nil; expected a name");
        Span<byte> joined = stackalloc byte[RpcConnection.MaxMethodBytes];
        int length = pieces.Length <= RpcConnection.MaxMethodBytes ? (int)pieces.Length : 0;
        pieces.Slice(0, length).CopyTo(joined);
        OnCall(type, id, joined[..length], ref reader);
    }

    private void OnCall(RpcMessageType type, uint id, scoped ReadOnlySpan<byte> method, ref MessagePackReader reader)
    {
        try
        {
            if (type == RpcMessageType.Request) _connection.Handler.OnRequest(_connection, id, method, ref reader);
            else _connection.Handler.OnNotification(_connection, method, ref reader);
        }
        catch (Exception e)
        {
            if (type != RpcMessageType.Request) return;
            _connection.RespondError(id, e is RpcException known ? known.Error : new RpcError { Code = RpcErrorCode.Internal, Message = e.Message });
        }
    }
}
