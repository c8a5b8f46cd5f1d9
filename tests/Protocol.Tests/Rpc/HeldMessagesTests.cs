using Atlas.Protocol.Rpc;

namespace Atlas.Protocol.Tests.Rpc;

/// <summary>Messages that are held back, and the pieces that they go out in.</summary>
public sealed class HeldMessagesTests
{
    [Fact]
    public async Task They_go_out_together_when_they_are_flushed_and_before_what_is_sent()
    {
        await using var stream = new PieceStream();
        await using var connection = new RpcConnection(stream, new EchoHandler());
        _ = connection.RunAsync();
        for (int i = 0; i < 5; i++) connection.Hold("held", new RawValue($"0{i}"));
        Assert.Empty(stream.Pieces);
        connection.Flush();
        connection.Flush();
        connection.Hold("held", new RawValue("05"));
        connection.Notify("sent", new RawValue("06"));
        Assert.Equal(2, stream.Pieces.Count);
        Assert.Equal([0, 1, 2, 3, 4], Values(stream.Pieces[0]));
        Assert.Equal([5, 6], Values(stream.Pieces[1]));
    }

    [Fact]
    public async Task What_is_held_back_counts_as_unsent()
    {
        await using var stream = new PieceStream();
        await using var connection = new RpcConnection(stream, new EchoHandler(), new RpcOptions { MaxUnsentBytes = 100 });
        _ = connection.RunAsync();
        for (int i = 0; i < 9; i++) connection.Hold("held", new RawValue("01"));
        connection.Flush();
        var fault = Assert.Throws<RpcClosedException>(() =>
        {
            for (int i = 0; i < 20; i++) connection.Hold("held", new RawValue("01"));
        });
        Assert.Contains("more than 100 bytes", fault.Message, StringComparison.Ordinal);
        Assert.False(connection.IsOpen);
        // Half a conversation is not sent behind an end.
        connection.Flush();
        Assert.Single(stream.Pieces);
    }

    // Notifications with one small integer as their parameter.
    private static List<int> Values(byte[] piece)
    {
        List<int> values = [];
        var reader = new MessagePackReader(piece);
        while (!reader.End)
        {
            Assert.Equal(3, reader.ReadArrayHeader());
            Assert.Equal(2, reader.ReadInt32());
            reader.ReadString();
            Assert.Equal(1, reader.ReadArrayHeader());
            values.Add(reader.ReadInt32());
        }
        return values;
    }

    /// <summary>Keeps what is written, by write; nothing comes from it until it is cancelled.</summary>
    private sealed class PieceStream : Stream
    {
        public List<byte[]> Pieces { get; } = [];

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Flush() { }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return 0;
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Pieces.Add(buffer.ToArray());
            return ValueTask.CompletedTask;
        }
    }
}
