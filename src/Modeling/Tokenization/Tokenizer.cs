using System.Runtime.InteropServices;
using System.Text;
using Atlas.Modeling.Tokenization.Json;
using Atlas.Modeling.Tokenization.Model;
using Atlas.Modeling.Tokenization.PreTokenization;
using Atlas.Modeling.Tokenization.Unicode;

namespace Atlas.Modeling.Tokenization;

/// <summary>
/// A byte-level byte-pair tokenizer as <c>tokenizer.json</c> describes it (GPT-2, Llama 3, Qwen2 and Qwen3 and what is built like them): the
/// ids are those of Hugging Face's tokenizers for every text. A file that asks for anything this class does not compute exactly is refused
/// when it is loaded. Immutable; safe to share between threads.
/// </summary>
public sealed class Tokenizer
{
    private readonly Vocabulary _vocabulary;
    private readonly PreTokenizer _preTokenizer;
    private readonly BytePairModel _model;
    private readonly SequenceTemplate _template;
    private readonly bool _nfc;

    private Tokenizer(TokenizerDefinition definition)
    {
        _vocabulary = definition.Vocabulary;
        _preTokenizer = definition.PreTokenizer;
        _model = definition.Model;
        _template = definition.Template;
        _nfc = definition.Nfc;
    }

    /// <summary>Number of tokens, added ones included; ids are 0 to this less one. A model's output may be wider, for padding.</summary>
    public int VocabularySize => _vocabulary.Size;

    /// <summary>Most bytes that any token stands for.</summary>
    public int LongestToken => _vocabulary.LongestToken;

    /// <summary>The added tokens, by id.</summary>
    public IReadOnlyDictionary<int, AddedToken> AddedTokens => _vocabulary.AddedTokens;

    /// <summary>Loads a <c>tokenizer.json</c>.</summary>
    /// <exception cref="CheckpointException">The file cannot be read, is damaged, or asks for something that is not supported.</exception>
    public static Tokenizer Load(string tokenizerJsonPath)
    {
        try
        {
            return Parse(File.ReadAllBytes(tokenizerJsonPath), tokenizerJsonPath);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"{tokenizerJsonPath}: cannot be read; expected a tokenizer.json", exception);
        }
    }

    /// <summary>Reads the content of a <c>tokenizer.json</c>; errors call it <paramref name="name"/>.</summary>
    /// <exception cref="CheckpointException">It is damaged, or asks for something that is not supported.</exception>
    public static Tokenizer Parse(ReadOnlySpan<byte> json, string name) => new(TokenizerReader.Read(json, name));

    /// <summary>
    /// The tokens of <paramref name="text"/>, with those that the file puts around a text (the beginning-of-text token, say) when
    /// <paramref name="addSpecialTokens"/>. Unpaired surrogates read as U+FFFD.
    /// </summary>
    public int[] Encode(
        ReadOnlySpan<char> text, bool addSpecialTokens, AddedTokenRecognition recognition = AddedTokenRecognition.All)
    {
        var output = new List<int>((text.Length / 3) + 4);
        Encode(text, addSpecialTokens, output, recognition);
        return [.. output];
    }

    /// <summary>Appends to <paramref name="output"/> what the other overload returns.</summary>
    public void Encode(
        ReadOnlySpan<char> text, bool addSpecialTokens, List<int> output, AddedTokenRecognition recognition = AddedTokenRecognition.All)
    {
        if (addSpecialTokens) output.AddRange(_template.Before);
        text = CodePoint.WellFormed(text);
        foreach (var segment in _vocabulary.Added.CutRaw(text, recognition))
        {
            if (segment.Token is { } token) output.Add(token.Id);
            else EncodeUntilNormalized(text[segment.Start..segment.End], output, recognition);
        }

        if (addSpecialTokens) output.AddRange(_template.After);
    }

    /// <summary>
    /// The text of <paramref name="tokens"/>, without special ones when <paramref name="skipSpecialTokens"/>. Bytes that are no UTF-8 become
    /// U+FFFD (one for each maximal part of a character), and ids that no token has stand for nothing.
    /// </summary>
    public string Decode(ReadOnlySpan<int> tokens, bool skipSpecialTokens)
    {
        var bytes = new List<byte>(tokens.Length * 4);
        foreach (var token in tokens)
            if (IsDecoded(token, skipSpecialTokens)) bytes.AddRange(_vocabulary.Bytes(token).Span);
        return Encoding.UTF8.GetString(CollectionsMarshal.AsSpan(bytes));
    }

    /// <summary>The id of a token as the vocabulary writes it (<c>Ġthe</c>, <c>&lt;|im_end|&gt;</c>); null when there is none.</summary>
    public int? TokenToId(string token) => _vocabulary.Find(token);

    /// <summary>A token as the vocabulary writes it; null when no token has this id.</summary>
    public string? IdToToken(int id) => Exists(id) ? _vocabulary.Token(id) : null;

    /// <summary>The bytes of text that a token stands for, which may be part of a character; empty when no token has this id.</summary>
    public ReadOnlyMemory<byte> TokenBytes(int id) => Exists(id) ? _vocabulary.Bytes(id) : default;

    /// <summary>Whether a token is special; false when no token has this id.</summary>
    public bool IsSpecial(int id) => _vocabulary.AddedTokens.TryGetValue(id, out var token) && token.Special;

    /// <summary>
    /// Whether every id means the same text and is special in both tokenizers, as a draft model's must be to the target's; if not,
    /// <paramref name="difference"/> says in one line where they first part.
    /// </summary>
    public bool SameVocabulary(Tokenizer other, out string difference)
    {
        difference = VocabularySize != other.VocabularySize ? $"{VocabularySize} tokens here, {other.VocabularySize} there" : "";
        for (var id = 0; id < Math.Min(VocabularySize, other.VocabularySize); id++)
        {
            var alike = TokenBytes(id).Span.SequenceEqual(other.TokenBytes(id).Span);
            if (alike && IsSpecial(id) == other.IsSpecial(id)) continue;
            difference = alike
                ? $"token {id}, \"{OneLine.Show(_vocabulary.Token(id))}\", is special in one only"
                : $"token {id} is \"{OneLine.Show(_vocabulary.Token(id))}\" here, \"{OneLine.Show(other._vocabulary.Token(id))}\" there";
            break;
        }

        return difference.Length == 0;
    }

    /// <summary>Whether a token contributes to decoded text.</summary>
    internal bool IsDecoded(int id, bool skipSpecialTokens) => Exists(id) && !(skipSpecialTokens && _vocabulary.IsSkipped(id));

    private bool Exists(int id) => (uint)id < (uint)_vocabulary.Size;

    private void EncodeUntilNormalized(ReadOnlySpan<char> text, List<int> output, AddedTokenRecognition recognition)
    {
        var normalized = _nfc ? NfcNormalizer.Normalize(text) : text;
        foreach (var segment in _vocabulary.Added.CutNormalized(normalized, recognition))
        {
            if (segment.Token is { } token)
            {
                output.Add(token.Id);
                continue;
            }

            var sink = new ModelSink(_model, output);
            _preTokenizer.Split(normalized[segment.Start..segment.End], ref sink);
        }
    }

    private readonly struct ModelSink(BytePairModel model, List<int> output) : IPieceSink
    {
        public void Add(ReadOnlySpan<char> piece) => model.Encode(piece, output);
    }
}
