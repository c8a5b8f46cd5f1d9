using System.Buffers;
using System.IO.Pipelines;

namespace Atlas.Protocol.Rpc;

/// <summary>
/// Writes messages to a connection's stream. Who sends writes into a pipe and, where nothing is being sent, sends at once, on its own thread; else
/// what is being sent takes it along. Who has more to say at once holds it back until <see cref="Flush"/>, so that it goes out in one piece: a piece
/// is a system call, and wakes its reader. Thread-safe, but for <see cref="RunAsync"/>, which is called once.
/// </summary>
internal sealed class MessageSender
{
    // The answer to a batch of 64 goes out in one piece, so that it takes one system call and wakes its reader once.
    private const int PieceBytes = 32 << 10;

    private readonly Stream _stream;
    private readonly ConnectionEnd _end;
    private readonly Action<Exception?> _close;
    private readonly int _mostUnsent;
    private readonly Pipe _output;
    private readonly Lock _lock = new();
    private long _unsent;

    /// <summary>A sender that begins with <see cref="RunAsync"/>; what was sent before goes out then. The stream stays the connection's.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="end">Of the connection.</param>
    /// <param name="close">Ends the connection.</param>
    /// <param name="mostUnsent">Bytes that may wait.</param>
    public MessageSender(Stream stream, ConnectionEnd end, Action<Exception?> close, int mostUnsent)
    {
        _stream = stream;
        _end = end;
        _close = close;
        _mostUnsent = mostUnsent;
        _output = new Pipe(new PipeOptions(
            readerScheduler: PipeScheduler.Inline,
            writerScheduler: PipeScheduler.Inline,
            pauseWriterThreshold: 0,
            minimumSegmentSize: PieceBytes,
            useSynchronizationContext: false));
    }

    /// <summary>Sends a message, and what was held back before it; it never waits for the other end.</summary>
    /// <exception cref="RpcClosedException">The connection has ended, or more waits than may.</exception>
    public void Send(RpcMessageType type, uint id, string? method, IRpcValue? value, RpcError? error)
    {
        lock (_lock)
        {
            Add(type, id, method, value, error);
            FlushAdded();
        }
    }

    /// <summary>Holds a message back until the next is sent or <see cref="Flush"/> is called.</summary>
    /// <exception cref="RpcClosedException">As for <see cref="Send"/>.</exception>
    public void Hold(RpcMessageType type, uint id, string? method, IRpcValue? value, RpcError? error)
    {
        lock (_lock) Add(type, id, method, value, error);
    }

    /// <summary>Sends what was held back, if anything was; nothing where the connection has ended.</summary>
    public void Flush()
    {
        lock (_lock)
            if (!_end.IsClosed && _output.Writer.UnflushedBytes > 0)
                FlushAdded();
    }

    /// <summary>Takes what is sent to the stream until the connection ends, which it does where that fails; never fails itself.</summary>
    public async Task RunAsync()
    {
        try
        {
            while (true)
            {
                ReadResult read = await _output.Reader.ReadAsync(_end.Aborted).ConfigureAwait(false);
                foreach (ReadOnlyMemory<byte> piece in read.Buffer)
                    await _stream.WriteAsync(piece, _end.Aborted).ConfigureAwait(false);
                Interlocked.Add(ref _unsent, -read.Buffer.Length);
                _output.Reader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted) return;
            }
        }
        catch (Exception e)
        {
            _close(e);
        }
    }

    private void Add(RpcMessageType type, uint id, string? method, IRpcValue? value, RpcError? error)
    {
        _end.ThrowIfClosed();
        try
        {
            long held = _output.Writer.UnflushedBytes;
            Write(type, id, method, value, error);
            if (Interlocked.Add(ref _unsent, _output.Writer.UnflushedBytes - held) > _mostUnsent)
                throw new RpcClosedException($"more than {_mostUnsent} bytes wait to be sent: the other end does not read");
        }
        catch (Exception e)
        {
            // Half a message may be in the pipe.
            _close(e);
            throw;
        }
    }

    private void FlushAdded()
    {
        // Without a pause threshold this never waits.
        ValueTask<FlushResult> flush = _output.Writer.FlushAsync();
        if (!flush.IsCompletedSuccessfully) flush.AsTask().GetAwaiter().GetResult();
    }

    private void Write(RpcMessageType type, uint id, string? method, IRpcValue? value, RpcError? error)
    {
        var writer = new MessagePackWriter(_output.Writer);
        writer.WriteArrayHeader(type == RpcMessageType.Notification ? 3 : 4);
        writer.Write((int)type);
        if (type != RpcMessageType.Notification) writer.Write(id);
        if (type != RpcMessageType.Response)
        {
            writer.Write(method);
            RpcParams.Write(ref writer, value);
        }
        else
        {
            if (error is null) writer.WriteNil();
            else error.Write(ref writer);
            if (value is null || error is not null) writer.WriteNil();
            else value.Write(ref writer);
        }
        writer.Flush();
    }
}
