using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Unicode;
using Atlas.Modeling.Tokenization.Model;

namespace Atlas.Modeling.Tokenization.Json;

/// <summary>
/// Reads <c>model</c>. Its vocabulary and merges are most of the file, so they are read token by token from the file's bytes, and only the
/// few settings beside them become a document.
/// </summary>
internal ref struct BytePairModelReader
{
    private readonly ReadOnlySpan<byte> _json;
    private readonly string _file;
    private readonly Utf8Index _vocabulary = new();
    private byte[] _scratch = new byte[256];
    private bool _ignoreMerges;

    private BytePairModelReader(ReadOnlySpan<byte> json, string file)
    {
        _json = json;
        _file = file;
    }

    /// <summary>Reads the value of <c>model</c>, which is all of <paramref name="json"/>, and returns its vocabulary beside it.</summary>
    public static BytePairModel Read(ReadOnlySpan<byte> json, string file, out Utf8Index vocabulary)
    {
        var reader = new BytePairModelReader(json, file);
        vocabulary = reader._vocabulary;
        return reader.Read();
    }

    private BytePairModel Read()
    {
        var vocabularyAt = default(Range?);
        var mergesAt = default(Range?);
        var keys = new HashSet<string>();
        var json = new Utf8JsonReader(_json);
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject) throw Fault("model", "is no object", "an object");
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var key = json.GetString()!;
            if (!keys.Add(key)) throw Fault("model", $"has the key \"{OneLine.Show(key)}\" twice", "once");
            json.Read();
            var start = (int)json.TokenStartIndex;
            if (key is "vocab" or "merges")
            {
                json.Skip();
                if (key == "vocab") vocabularyAt = start..(int)json.BytesConsumed;
                else mergesAt = start..(int)json.BytesConsumed;
                continue;
            }

            using var value = JsonDocument.ParseValue(ref json);
            ReadSetting(key, new JsonSection(_file, "model." + OneLine.Show(key), value.RootElement));
        }

        ReadVocabulary(_json[vocabularyAt ?? throw Fault("model", "has no key \"vocab\"", "one")]);
        var bytes = FindBytes();
        var merges = ReadMerges(_json[mergesAt ?? throw Fault("model", "has no key \"merges\"", "one")]);
        return new BytePairModel(bytes, merges, _ignoreMerges ? _vocabulary : null);
    }

    private void ReadSetting(string key, JsonSection value)
    {
        switch (key)
        {
            case "type":
                if (value.Text() != "BPE") throw value.Fault("BPE");
                break;
            case "ignore_merges":
                _ignoreMerges = !value.IsNull && value.Flag();
                break;
            case "dropout":
                if (!value.IsNull && !(value.Element.ValueKind == JsonValueKind.Number && value.Element.TryGetDouble(out var p) && p == 0))
                    throw value.Fault("null: merges must not be left to chance");
                break;
            case "continuing_subword_prefix" or "end_of_word_suffix":
                if (!value.IsNull && value.Text().Length > 0) throw value.Fault("null or an empty string");
                break;
            case "unk_token":
                // All bytes are tokens (checked below), so nothing is unknown and this, like the next two, is never used.
                if (!value.IsNull) value.Text();
                break;
            case "fuse_unk" or "byte_fallback":
                if (!value.IsNull) value.Flag();
                break;
            default:
                throw value.Fault("no such key");
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ReadVocabulary(ReadOnlySpan<byte> text)
    {
        var json = new Utf8JsonReader(text);
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject) throw Fault("model.vocab", "is no object", "an object");
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var token = Unescape(ref json, 0, "model.vocab");
            if (token.IsEmpty) throw Fault("model.vocab", "has an empty token", "tokens of at least one character");
            var name = json.ValueSpan;
            json.Read();
            if (json.TokenType != JsonTokenType.Number || !json.TryGetInt32(out var id) || id < 0)
                throw Fault("model.vocab", $"has no id for \"{Show(name)}\"", "a whole number from 0");
            if (!_vocabulary.TryAdd(token, id)) throw Fault("model.vocab", $"has the token \"{Show(name)}\" twice", "once");
        }

        var owners = new int[_vocabulary.Count];
        for (var entry = 0; entry < _vocabulary.Count; entry++)
        {
            var id = _vocabulary.Id(entry);
            if (id >= owners.Length)
                throw Fault("model.vocab", $"gives \"{Show(_vocabulary.Token(entry))}\" the id {id}",
                    $"the ids 0 to {owners.Length - 1}, one for each of the {owners.Length} tokens");
            if (owners[id] != 0)
                throw Fault("model.vocab", $"gives \"{Show(_vocabulary.Token(owners[id] - 1))}\" and \"{Show(_vocabulary.Token(entry))}\" " +
                    $"the same id {id}", "an id of its own for each token");
            owners[id] = entry + 1;
        }
    }

    private readonly int[] FindBytes()
    {
        var bytes = new int[256];
        Span<byte> token = stackalloc byte[2];
        for (var value = 0; value < bytes.Length; value++)
        {
            var length = ByteAlphabet.EncodeUtf8([(byte)value], token);
            bytes[value] = _vocabulary.Find(token[..length]);
            if (bytes[value] < 0)
                throw Fault("model.vocab", $"has no token \"{ByteAlphabet.ToCharacter((byte)value)}\" for the byte 0x{value:X2}", "all 256 bytes");
        }

        return bytes;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private MergeTable ReadMerges(ReadOnlySpan<byte> text)
    {
        var json = new Utf8JsonReader(text);
        json.Read();
        if (json.TokenType != JsonTokenType.StartArray) throw Fault("model.merges", "is no array", "an array");

        // An array of n strings takes at least 4n bytes, and a vocabulary's merges are seldom more than a few times its tokens.
        var merges = new List<(int Left, int Right, int Merged)>(_vocabulary.Count);
        while (json.Read() && json.TokenType != JsonTokenType.EndArray) merges.Add(ReadMerge(ref json, merges.Count));
        var table = new MergeTable(merges.Count);
        for (var rank = 0; rank < merges.Count; rank++)
        {
            if (!table.TryAdd(merges[rank].Left, merges[rank].Right, rank, merges[rank].Merged))
                throw Fault($"model.merges[{rank}]", "repeats an earlier merge", "every pair once");
        }

        return table;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private (int Left, int Right, int Merged) ReadMerge(scoped ref Utf8JsonReader json, int rank)
    {
        const string expected = "two tokens: \"a b\" or [\"a\", \"b\"]";
        Span<byte> pair;
        int leftLength;
        if (json.TokenType == JsonTokenType.String)
        {
            pair = Unescape(ref json, 0, "model.merges");
            leftLength = pair.IndexOf((byte)' ');
            if (leftLength < 0 || pair[(leftLength + 1)..].Contains((byte)' ')) throw Fault($"model.merges[{rank}]", "is no pair", expected);
            pair[(leftLength + 1)..].CopyTo(pair[leftLength..]);
            pair = pair[..^1];
        }
        else
        {
            if (json.TokenType != JsonTokenType.StartArray) throw Fault($"model.merges[{rank}]", "is no pair", expected);
            json.Read();
            if (json.TokenType != JsonTokenType.String) throw Fault($"model.merges[{rank}]", "is no pair", expected);
            leftLength = Unescape(ref json, 0, "model.merges").Length;
            json.Read();
            if (json.TokenType != JsonTokenType.String) throw Fault($"model.merges[{rank}]", "is no pair", expected);
            pair = Unescape(ref json, leftLength, "model.merges");
            json.Read();
            if (json.TokenType != JsonTokenType.EndArray) throw Fault($"model.merges[{rank}]", "is no pair", expected);
        }

        return (FindMergeToken(pair[..leftLength], rank), FindMergeToken(pair[leftLength..], rank), FindMergeToken(pair, rank));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly int FindMergeToken(ReadOnlySpan<byte> token, int rank)
    {
        var id = _vocabulary.Find(token);
        return id >= 0 ? id : throw Fault($"model.merges[{rank}]", $"needs \"{Show(token)}\"", "a token of model.vocab");
    }

    /// <summary>The current string as UTF-8 behind the first <paramref name="keep"/> bytes of the scratch buffer, these included.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Span<byte> Unescape(scoped ref Utf8JsonReader json, int keep, string where)
    {
        var needed = keep + json.ValueSpan.Length;
        if (needed > _scratch.Length) Array.Resize(ref _scratch, needed * 2);
        if (json.ValueIsEscaped) return _scratch.AsSpan(0, keep + json.CopyString(_scratch.AsSpan(keep)));
        if (!Utf8.IsValid(json.ValueSpan)) throw Fault(where, "holds bytes that are no UTF-8", "UTF-8");
        json.ValueSpan.CopyTo(_scratch.AsSpan(keep));
        return _scratch.AsSpan(0, needed);
    }

    private static string Show(ReadOnlySpan<byte> token) => OneLine.Show(System.Text.Encoding.UTF8.GetString(token));

    private readonly CheckpointException Fault(string path, string problem, string expected) =>
        new($"{_file}: {path} {problem}; expected {expected}");
}
