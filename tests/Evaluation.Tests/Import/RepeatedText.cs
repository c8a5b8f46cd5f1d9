using System.Text;

namespace Atlas.Evaluation.Tests.Import;

/// <summary>A stream that says one text many times over and holds it once.</summary>
internal sealed class RepeatedText(string text, int times) : Stream
{
    private readonly byte[] _bytes = Encoding.UTF8.GetBytes(text);
    private long _at;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => (long)_bytes.Length * times;

    public override long Position { get => _at; set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count)
    {
        int read = 0;
        for (; read < count && _at < Length; read++, _at++) buffer[offset + read] = _bytes[_at % _bytes.Length];
        return read;
    }

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
