using System.Text.Json;
using Atlas.Modeling.Tokenization.Model;
using Atlas.Modeling.Tokenization.Unicode;

namespace Atlas.Modeling.Tokenization.Json;

/// <summary>
/// Reads a <c>tokenizer.json</c>. What it knows, it computes exactly as Hugging Face's tokenizers do; whatever else would change a result
/// is refused by name.
/// </summary>
internal sealed class TokenizerReader
{
    private readonly string _file;
    private readonly Dictionary<string, JsonSection> _sections = [];

    private TokenizerReader(string file) => _file = file;

    /// <summary>Reads a whole file's content; <paramref name="file"/> is how errors call it.</summary>
    public static TokenizerDefinition Read(ReadOnlySpan<byte> json, string file)
    {
        try
        {
            return new TokenizerReader(file).Read(json);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Broken syntax, or a string that is no Unicode text.
            throw new CheckpointException($"{file}: {FirstLine(exception.Message)}; expected a tokenizer.json", exception);
        }
    }

    private TokenizerDefinition Read(ReadOnlySpan<byte> json)
    {
        var model = ReadRoot(json);
        if (Find("version") is { } version && version.Text() != "1.0") throw version.Fault("1.0");
        foreach (var key in new[] { "truncation", "padding" })
            if (Find(key) is { IsNull: false } limits) throw limits.Fault("null: Atlas neither truncates nor pads");
        var nfc = NormalizerReader.ReadNfc(Find("normalizer"));
        var preTokenizer = PreTokenizerReader.Read(Get("pre_tokenizer"));
        DecoderReader.Check(Get("decoder"));
        var bytePairs = BytePairModelReader.Read(json[model], _file, out var modelVocabulary);
        var addedTokens = AddedTokensReader.Read(Find("added_tokens"));
        var vocabulary = new Vocabulary(modelVocabulary, Patterns(addedTokens, nfc), _file);
        var template = PostProcessorReader.Read(Find("post_processor"), vocabulary.Size);
        return new TokenizerDefinition
        {
            Vocabulary = vocabulary,
            Nfc = nfc,
            PreTokenizer = preTokenizer,
            Model = bytePairs,
            Template = template,
        };
    }

    /// <summary>Keeps every part but the model, which is large, as a document; returns where the model stands.</summary>
    private Range ReadRoot(ReadOnlySpan<byte> json)
    {
        var model = default(Range?);
        var reader = new Utf8JsonReader(json);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject) throw new CheckpointException($"{_file}: is no JSON object; expected a tokenizer.json");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            if (key == "model")
            {
                reader.Skip();
                if (model is not null) throw Twice(key);
                model = start..(int)reader.BytesConsumed;
                continue;
            }

            if (key is not ("version" or "truncation" or "padding" or "added_tokens" or "normalizer" or "pre_tokenizer" or "post_processor"
                or "decoder"))
                throw new CheckpointException($"{_file}: has the unknown key \"{OneLine.Show(key)}\"; expected the keys of a tokenizer.json");
            using var value = JsonDocument.ParseValue(ref reader);
            if (!_sections.TryAdd(key, new JsonSection(_file, key, value.RootElement.Clone()))) throw Twice(key);
        }

        // The rest of the file must be blank; the reader says so.
        while (reader.Read()) { }
        return model ?? throw Missing("model");
    }

    private JsonSection? Find(string key) => _sections.GetValueOrDefault(key);

    private JsonSection Get(string key) => Find(key) ?? throw Missing(key);

    private CheckpointException Missing(string key) => new($"{_file}: has no key \"{key}\"; expected one");

    private CheckpointException Twice(string key) => new($"{_file}: has the key \"{key}\" twice; expected once");

    private static List<(string Pattern, AddedToken Token)> Patterns(List<AddedToken> tokens, bool nfc) =>
        tokens.ConvertAll(token => (token.Normalized && nfc ? NfcNormalizer.Normalize(token.Content).ToString() : token.Content, token));

    private static string FirstLine(string message)
    {
        var end = message.AsSpan().IndexOfAny('\r', '\n');
        return (end < 0 ? message : message[..end]).TrimEnd('.');
    }
}
