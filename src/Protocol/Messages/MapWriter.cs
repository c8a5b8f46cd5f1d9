namespace Atlas.Protocol.Messages;

/// <summary>
/// Writes a message's map. A map's header holds the number of its entries, so the message names its fields twice: the first pass counts
/// those that are not at their default, the second writes them.
/// </summary>
internal ref struct MapWriter
{
    private MessagePackWriter _inner;
    private int _entries;
    private bool _counting;

    /// <summary>A writer for the counting pass; it continues what <paramref name="inner"/> has written.</summary>
    public MapWriter(MessagePackWriter inner)
    {
        _inner = inner;
        _counting = true;
    }

    /// <summary>The underlying writer, when the second pass is over.</summary>
    public readonly MessagePackWriter Inner => _inner;

    /// <summary>Writes the header; the second pass follows.</summary>
    public void EndCounting()
    {
        _inner.WriteMapHeader(_entries);
        _counting = false;
    }

    /// <summary>A text, left out where it equals <paramref name="omit"/>.</summary>
    public void Field(ReadOnlySpan<byte> key, string value, string? omit = null)
    {
        if (value != omit && Begin(key)) _inner.Write(value);
    }

    /// <summary>A number, left out where it equals <paramref name="omit"/>.</summary>
    public void Field(ReadOnlySpan<byte> key, long value, long? omit = null)
    {
        if (value != omit && Begin(key)) _inner.Write(value);
    }

    /// <summary>A number without sign, left out where it is null.</summary>
    public void Field(ReadOnlySpan<byte> key, ulong? value)
    {
        if (value is { } number && Begin(key)) _inner.Write(number);
    }

    /// <summary>A flag, left out where it equals <paramref name="omit"/>.</summary>
    public void Field(ReadOnlySpan<byte> key, bool value, bool? omit = null)
    {
        if (value != omit && Begin(key)) _inner.Write(value);
    }

    /// <summary>A number of single precision, left out where it equals <paramref name="omit"/>.</summary>
    public void Field(ReadOnlySpan<byte> key, float value, float? omit = null)
    {
        if (value != omit && Begin(key)) _inner.Write(value);
    }

    /// <summary>A number of double precision.</summary>
    public void Field(ReadOnlySpan<byte> key, double value)
    {
        if (Begin(key)) _inner.Write(value);
    }

    /// <summary>Tokens, left out where there are none unless <paramref name="always"/>.</summary>
    public void Field(ReadOnlySpan<byte> key, TokenBuffer value, bool packed = false, bool always = false)
    {
        if ((always || value.Count > 0) && Begin(key)) value.Write(ref _inner, packed);
    }

    /// <summary>Numbers, left out where there are none.</summary>
    public void Field(ReadOnlySpan<byte> key, FloatBuffer value, bool packed = false)
    {
        if (value.Count > 0 && Begin(key)) value.Write(ref _inner, packed);
    }

    /// <summary>Bytes, left out where there are none.</summary>
    public void Field(ReadOnlySpan<byte> key, ByteBuffer value)
    {
        if (value.Count > 0 && Begin(key)) value.Write(ref _inner);
    }

    /// <summary>Texts, left out where there are none.</summary>
    public void Field(ReadOnlySpan<byte> key, List<string> value)
    {
        if (value.Count > 0 && Begin(key)) TextList.Write(ref _inner, value);
    }

    /// <summary>Messages, left out where there are none unless <paramref name="always"/>.</summary>
    public void Field<T>(ReadOnlySpan<byte> key, ReusableList<T> value, bool always = false)
        where T : MapMessage, new()
    {
        if ((always || value.Count > 0) && Begin(key)) value.Write(ref _inner);
    }

    /// <summary>Numbers by token, left out where there are none.</summary>
    public void Field(ReadOnlySpan<byte> key, Dictionary<int, float> value)
    {
        if (value.Count == 0 || !Begin(key)) return;
        _inner.WriteMapHeader(value.Count);
        foreach (var (token, number) in value)
        {
            _inner.Write(token);
            _inner.Write(number);
        }
    }

    /// <summary>Figures by name.</summary>
    public void Field(ReadOnlySpan<byte> key, SortedDictionary<string, double> value)
    {
        if (!Begin(key)) return;
        _inner.WriteMapHeader(value.Count);
        foreach (var (name, figure) in value)
        {
            _inner.Write(name);
            _inner.Write(figure);
        }
    }

    // Whether the value is to be written now.
    private bool Begin(ReadOnlySpan<byte> key)
    {
        if (_counting)
        {
            _entries++;
            return false;
        }
        _inner.WriteString(key);
        return true;
    }
}
