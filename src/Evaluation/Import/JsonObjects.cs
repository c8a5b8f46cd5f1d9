using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using Atlas.Evaluation.Traces;

namespace Atlas.Evaluation.Import;

/// <summary>
/// Cuts a stream into the JSON objects it holds, one at a time, whether they stand one after the other (JSON lines, pretty-printed or not) or in
/// one array. Memory grows with the largest object.
/// </summary>
/// <param name="stream">Where to read.</param>
/// <param name="name">The name to show in errors.</param>
internal sealed class JsonObjects(Stream stream, string name)
{
    private const int MostBytes = 256 << 20;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private readonly byte[] _buffer = new byte[1 << 16];
    private readonly ArrayBufferWriter<byte> _object = new(1 << 12);
    private int _at;
    private int _end;
    private long _line = 1;

    /// <summary>All objects, each of which is gone when the next one is asked for.</summary>
    /// <exception cref="TraceException">What stands there is no object, or no JSON.</exception>
    public IEnumerable<TraceField> Read()
    {
        bool array = false, closed = false, separated = true, any = false;
        while (Next(mark: !any && !array) is var b && b >= 0)
        {
            if (closed) throw Fault(b, "nothing behind the array's end");
            if (b == '[' && !array && !any) array = true;
            else if (b == ',' && array && !separated) separated = true;
            else if (b == ']' && array && !(any && separated)) closed = true;
            else if (b == '{' && (separated || !array))
            {
                long line = _line;
                Take();
                using var document = Parse(line);
                yield return new TraceField(document.RootElement, $"{name}:{line}", "");
                any = true;
                separated = false;
            }
            else throw Fault(b, array && any && !separated ? "a comma or the array's end" : "a JSON object");
        }
        if (array && !closed) throw new TraceException($"{name}:{_line}: the file ends within an array; expected its end");
    }

    private JsonDocument Parse(long line)
    {
        if (!Utf8.IsValid(_object.WrittenSpan)) throw new TraceException($"{name}:{line}: the object is not UTF-8; expected JSON in UTF-8");
        try
        {
            return JsonDocument.Parse(_object.WrittenMemory, Strict);
        }
        catch (JsonException fault)
        {
            throw new TraceException(
                $"{name}:{line + (fault.LineNumber ?? 0)}: no valid JSON (byte {fault.BytePositionInLine ?? 0}); expected one object without duplicate keys", fault);
        }
    }

    // Copies the object whose opening brace was just read.
    private void Take()
    {
        long line = _line;
        _object.ResetWrittenCount();
        Append((byte)'{');
        bool text = false, escaped = false;
        for (int depth = 1; depth > 0;)
        {
            int b = Byte();
            if (b < 0) throw new TraceException($"{name}:{line}: the file ends within the object that begins here; expected its closing brace");
            if (_object.WrittenCount == MostBytes) throw new TraceException($"{name}:{line}: an object is longer than {MostBytes >> 20} MiB; expected shorter ones");
            Append((byte)b);
            if (escaped) escaped = false;
            else if (text) (text, escaped) = (b != '"', b == '\\');
            else if (b == '"') text = true;
            else if (b is '{' or '[') depth++;
            else if (b is '}' or ']') depth--;
        }
    }

    // The next byte that is no white space, or -1; a byte order mark counts as such at the beginning.
    private int Next(bool mark)
    {
        while (true)
        {
            int b = Byte();
            if (b is ' ' or '\t' or '\r' or '\n') continue;
            if (mark && b == 0xEF && Byte() == 0xBB && Byte() == 0xBF)
            {
                mark = false;
                continue;
            }
            return b;
        }
    }

    private int Byte()
    {
        if (_at == _end)
        {
            _end = stream.Read(_buffer);
            _at = 0;
            if (_end == 0) return -1;
        }
        byte b = _buffer[_at++];
        if (b == '\n') _line++;
        return b;
    }

    private void Append(byte b)
    {
        _object.GetSpan(1)[0] = b;
        _object.Advance(1);
    }

    private TraceException Fault(int b, string expected) =>
        new($"{name}:{_line}: found {(b is > ' ' and < 0x7F ? $"'{(char)b}'" : $"byte 0x{b:X2}")}; expected {expected}");
}
