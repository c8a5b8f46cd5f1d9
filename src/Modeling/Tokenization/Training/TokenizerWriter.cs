using System.Text.Encodings.Web;
using System.Text.Json;
using Atlas.Modeling.Tokenization.PreTokenization;

namespace Atlas.Modeling.Tokenization.Training;

/// <summary>Writes <c>tokenizer.json</c> in the layout of Hugging Face's tokenizers 0.20 and later, where a merge is an array of two.</summary>
internal static class TokenizerWriter
{
    private static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Indented = true,
        NewLine = "\n",
    };

    /// <summary>The file's content.</summary>
    public static byte[] Write(TrainedTokenizer trained)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, WriterOptions))
        {
            json.WriteStartObject();
            json.WriteString("version", "1.0");
            json.WriteNull("truncation");
            json.WriteNull("padding");
            WriteAddedTokens(json, trained);
            WriteNormalizer(json, trained.Options.Style);
            WritePreTokenizer(json, trained.Options.Style);
            WritePostProcessor(json, trained);
            json.WritePropertyName("decoder");
            WriteByteLevel(json, useRegex: true);
            WriteModel(json, trained);
            json.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    private static void WriteAddedTokens(Utf8JsonWriter json, TrainedTokenizer trained)
    {
        json.WriteStartArray("added_tokens");
        var id = trained.Tokens.Count;
        foreach (var token in trained.Options.SpecialTokens)
        {
            json.WriteStartObject();
            json.WriteNumber("id", id++);
            json.WriteString("content", token);
            json.WriteBoolean("single_word", false);
            json.WriteBoolean("lstrip", false);
            json.WriteBoolean("rstrip", false);
            json.WriteBoolean("normalized", false);
            json.WriteBoolean("special", true);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteNormalizer(Utf8JsonWriter json, TokenizerStyle style)
    {
        if (style != TokenizerStyle.Qwen2)
        {
            json.WriteNull("normalizer");
            return;
        }

        json.WriteStartObject("normalizer");
        json.WriteString("type", "NFC");
        json.WriteEndObject();
    }

    private static void WritePreTokenizer(Utf8JsonWriter json, TokenizerStyle style)
    {
        json.WritePropertyName("pre_tokenizer");
        if (style == TokenizerStyle.Gpt2)
        {
            WriteByteLevel(json, useRegex: true);
            return;
        }

        json.WriteStartObject();
        json.WriteString("type", "Sequence");
        json.WriteStartArray("pretokenizers");
        json.WriteStartObject();
        json.WriteString("type", "Split");
        json.WriteStartObject("pattern");
        json.WriteString("Regex", Llama3Scanner.Pattern(style == TokenizerStyle.Llama3 ? 3 : 1));
        json.WriteEndObject();
        json.WriteString("behavior", "Isolated");
        json.WriteBoolean("invert", false);
        json.WriteEndObject();
        WriteByteLevel(json, useRegex: false);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WritePostProcessor(Utf8JsonWriter json, TrainedTokenizer trained)
    {
        json.WritePropertyName("post_processor");
        if (trained.Options.BeginToken is not { } begin)
        {
            WriteByteLevel(json, useRegex: true);
            return;
        }

        json.WriteStartObject();
        json.WriteString("type", "TemplateProcessing");
        WriteTemplate(json, "single", begin, "A");
        WriteTemplate(json, "pair", begin, "A", "B");
        json.WriteStartObject("special_tokens");
        json.WriteStartObject(begin);
        json.WriteString("id", begin);
        json.WriteStartArray("ids");
        json.WriteNumberValue(trained.Tokens.Count + trained.Options.SpecialTokens.ToList().IndexOf(begin));
        json.WriteEndArray();
        json.WriteStartArray("tokens");
        json.WriteStringValue(begin);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteTemplate(Utf8JsonWriter json, string name, string begin, params ReadOnlySpan<string> sequences)
    {
        json.WriteStartArray(name);
        for (var i = 0; i < sequences.Length; i++)
        {
            WritePiece(json, "SpecialToken", begin, i);
            WritePiece(json, "Sequence", sequences[i], i);
        }

        json.WriteEndArray();
    }

    private static void WritePiece(Utf8JsonWriter json, string kind, string id, int typeId)
    {
        json.WriteStartObject();
        json.WriteStartObject(kind);
        json.WriteString("id", id);
        json.WriteNumber("type_id", typeId);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteByteLevel(Utf8JsonWriter json, bool useRegex)
    {
        json.WriteStartObject();
        json.WriteString("type", "ByteLevel");
        json.WriteBoolean("add_prefix_space", false);
        json.WriteBoolean("trim_offsets", true);
        json.WriteBoolean("use_regex", useRegex);
        json.WriteEndObject();
    }

    private static void WriteModel(Utf8JsonWriter json, TrainedTokenizer trained)
    {
        json.WriteStartObject("model");
        json.WriteString("type", "BPE");
        json.WriteNull("dropout");
        json.WriteNull("unk_token");
        json.WriteNull("continuing_subword_prefix");
        json.WriteNull("end_of_word_suffix");
        json.WriteBoolean("fuse_unk", false);
        json.WriteBoolean("byte_fallback", false);
        json.WriteBoolean("ignore_merges", trained.Options.Style == TokenizerStyle.Llama3);
        json.WriteStartObject("vocab");
        for (var id = 0; id < trained.Tokens.Count; id++) json.WriteNumber(trained.Tokens[id], id);
        json.WriteEndObject();
        json.WriteStartArray("merges");
        foreach (var (left, right) in trained.Merges)
        {
            json.WriteStartArray();
            json.WriteStringValue(left);
            json.WriteStringValue(right);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
