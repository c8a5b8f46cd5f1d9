using System.Runtime.CompilerServices;
using System.Text;
using Atlas.Modeling.Tokenization.Json;
using Atlas.Modeling.Tokenization.Model;

namespace Atlas.Modeling.Tokenization;

/// <summary>All tokens of a tokenizer by id: those of the model first, added ones behind. Ids have no holes. Immutable.</summary>
internal sealed class Vocabulary
{
    private readonly Utf8Index _model;
    private readonly int[] _modelEntries;
    private readonly Dictionary<string, AddedToken> _addedByContent = [];
    private readonly Dictionary<int, AddedToken> _addedById = [];
    private readonly byte[] _bytes;
    private readonly int[] _ends;
    private readonly bool[] _skipped;

    /// <summary>
    /// Joins the tokens of a model with added ones, each with the form that it has in normalized text, and checks that the added ones have
    /// the ids that Hugging Face's tokenizers would give them; <paramref name="file"/> is how errors call their source.
    /// </summary>
    public Vocabulary(Utf8Index model, IReadOnlyCollection<(string Pattern, AddedToken Token)> added, string file)
    {
        _model = model;
        _modelEntries = new int[model.Count];
        for (var entry = 0; entry < model.Count; entry++) _modelEntries[model.Id(entry)] = entry;
        Size = model.Count;
        var patterns = new Dictionary<int, string>();
        foreach (var (pattern, token) in added)
        {
            Add(token, file);
            patterns.Add(token.Id, pattern);
        }

        var repeated = added.GroupBy(t => (t.Pattern, t.Token.Normalized)).FirstOrDefault(group => group.Count() > 1);
        if (repeated is not null)
            throw Fault(file, repeated.Last().Token, $"reads like the token {repeated.First().Token.Id}", "a text of its own for each token");

        Added = new AddedVocabulary(added);
        (_bytes, _ends) = Concatenate(patterns);
        _skipped = FindSkipped(patterns);
        for (var id = 0; id < Size; id++) LongestToken = Math.Max(LongestToken, Bytes(id).Length);
    }

    /// <summary>Number of tokens; ids are 0 to this less one.</summary>
    public int Size { get; private set; }

    /// <summary>Most bytes that a token stands for.</summary>
    public int LongestToken { get; }

    /// <summary>Finds the added tokens in a text.</summary>
    public AddedVocabulary Added { get; }

    /// <summary>The added tokens, by id.</summary>
    public IReadOnlyDictionary<int, AddedToken> AddedTokens => _addedById;

    /// <summary>The id of a token as it is written in the vocabulary; null when there is none.</summary>
    public int? Find(string token)
    {
        if (_addedByContent.TryGetValue(token, out var added)) return added.Id;
        var id = _model.Find(Encoding.UTF8.GetBytes(token));
        return id < 0 ? null : id;
    }

    /// <summary>The token with this id, below <see cref="Size"/>, as it is written in the vocabulary.</summary>
    public string Token(int id) =>
        _addedById.TryGetValue(id, out var added) ? added.Content : Encoding.UTF8.GetString(_model.Token(_modelEntries[id]));

    /// <summary>The bytes of text that the token with this id, below <see cref="Size"/>, stands for.</summary>
    public ReadOnlyMemory<byte> Bytes(int id)
    {
        var start = id == 0 ? 0 : _ends[id - 1];
        return _bytes.AsMemory(start, _ends[id] - start);
    }

    /// <summary>Whether decoding leaves this token, below <see cref="Size"/>, out when special tokens are to be skipped.</summary>
    public bool IsSkipped(int id) => _skipped[id];

    private void Add(AddedToken token, string file)
    {
        var known = _model.Find(Encoding.UTF8.GetBytes(token.Content));
        if (_addedByContent.ContainsKey(token.Content)) throw Fault(file, token, "is there twice", "every token once");
        if (known >= 0 ? token.Id != known : token.Id != Size)
            throw Fault(file, token, $"has the id {token.Id}", known >= 0 ? $"{known}, its id in model.vocab" : $"{Size}, the next free one");
        if (known < 0) Size++;
        _addedByContent.Add(token.Content, token);
        _addedById.Add(token.Id, token);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private (byte[] Bytes, int[] Ends) Concatenate(Dictionary<int, string> patterns)
    {
        var forms = patterns.ToDictionary(pattern => pattern.Key, pattern => Encoding.UTF8.GetBytes(pattern.Value));
        var bytes = new byte[_model.TotalLength + forms.Values.Sum(form => form.Length)];
        var ends = new int[Size];
        var used = 0;
        for (var id = 0; id < Size; id++)
        {
            var token = forms.TryGetValue(id, out var form) ? form : _model.Token(_modelEntries[id]);
            used += ByteAlphabet.DecodeUtf8(token, bytes.AsSpan(used));
            ends[id] = used;
        }

        return (bytes[..used], ends);
    }

    // A special token that normalization changes is not skipped: what is looked up is the changed form (added_vocabulary.rs, decode).
    private bool[] FindSkipped(Dictionary<int, string> patterns)
    {
        var skipped = new bool[Size];
        foreach (var (id, pattern) in patterns)
            skipped[id] = _addedByContent.TryGetValue(pattern, out var named) && named.Special;
        return skipped;
    }

    private static CheckpointException Fault(string file, AddedToken token, string problem, string expected) =>
        new($"{file}: added_tokens: \"{OneLine.Show(token.Content)}\" {problem}; expected {expected}");
}
