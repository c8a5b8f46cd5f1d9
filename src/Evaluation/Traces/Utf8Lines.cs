namespace Atlas.Evaluation.Traces;

/// <summary>
/// Splits a stream into lines of bytes, one buffer for all: text decoding comes later, so that a fault can be given the number of its line.
/// </summary>
internal sealed class Utf8Lines(Stream stream)
{
    private byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;

    /// <summary>
    /// The next line without its line feed, valid until the next call; false at the end of the stream. A last line need not end in a line
    /// feed.
    /// </summary>
    /// <exception cref="IOException">The stream cannot be read, or a line is longer than 1 GiB.</exception>
    public bool Next(out ReadOnlyMemory<byte> line)
    {
        int searched = _start;
        while (true)
        {
            int feed = _buffer.AsSpan(searched, _end - searched).IndexOf((byte)'\n');
            if (feed >= 0)
            {
                line = _buffer.AsMemory(_start, searched + feed - _start);
                _start = searched + feed + 1;
                return true;
            }
            int pending = _end - _start;
            MakeRoom();
            searched = _start + pending;
            int read = stream.Read(_buffer, _end, _buffer.Length - _end);
            if (read == 0)
            {
                line = _buffer.AsMemory(_start, pending);
                _start = _end;
                return pending > 0;
            }
            _end += read;
        }
    }

    private void MakeRoom()
    {
        if (_end < _buffer.Length)
            return;
        int pending = _end - _start;
        if (pending >= Array.MaxLength / 2)
            throw new IOException("A line is longer than 1 GiB.");
        byte[] target = pending > _buffer.Length / 2 ? new byte[_buffer.Length * 2] : _buffer;
        _buffer.AsSpan(_start, pending).CopyTo(target);
        (_buffer, _start, _end) = (target, 0, pending);
    }
}
