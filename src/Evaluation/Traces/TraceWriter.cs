using System.Text.Encodings.Web;
using System.Text.Json;
using Atlas.Core.Decoding;
using Atlas.Core.Sampling;

namespace Atlas.Evaluation.Traces;

/// <summary>
/// Writes traces that <see cref="TraceReader"/> reads back as they were: JSON Lines in UTF-8, keys in a fixed order, sampling options at
/// their defaults left out. Not thread-safe; dispose it to flush what is buffered.
/// </summary>
public sealed class TraceWriter : IDisposable
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Stream _stream;
    private readonly bool _owned;
    private readonly Utf8JsonWriter _json;

    /// <summary>Creates a file, or replaces one.</summary>
    /// <exception cref="IOException">The file cannot be created.</exception>
    public TraceWriter(string path)
        : this(File.Create(path), leaveOpen: false)
    {
    }

    /// <summary>Writes to a stream from its present position.</summary>
    /// <param name="stream">Where to write.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the writer is disposed.</param>
    public TraceWriter(Stream stream, bool leaveOpen)
    {
        ArgumentNullException.ThrowIfNull(stream);
        (_stream, _owned, _json) = (stream, !leaveOpen, new Utf8JsonWriter(stream, Options));
    }

    /// <summary>Appends one request as one line.</summary>
    /// <exception cref="ArgumentException">The request is one that no trace may hold; nothing was written.</exception>
    public void Write(TraceRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (Fault(request) is { } fault)
            throw new ArgumentException($"The request cannot be written to a trace: {fault}.", nameof(request));
        _json.Reset(_stream);
        _json.WriteStartObject();
        _json.WriteNumber(TraceKeys.Arrival, request.ArrivalSeconds);
        _json.WriteString(TraceKeys.Namespace, request.Namespace);
        if (request.Domain is not null)
            _json.WriteString(TraceKeys.Domain, request.Domain);
        _json.WriteString(TraceKeys.Class, RequestClassNames.Of(request.Class));
        WriteText(TraceKeys.Prompt, request.Prompt);
        if (request.Completion is not null)
            WriteText(TraceKeys.Completion, request.Completion);
        if (request.Sampling is not null)
            WriteSampling(request.Sampling.Options, request.Sampling.MaxTokens);
        _json.WriteEndObject();
        _json.Flush();
        _stream.WriteByte((byte)'\n');
    }

    /// <summary>Flushes, and closes the stream unless it was to be left open.</summary>
    public void Dispose()
    {
        _json.Dispose();
        _stream.Flush();
        if (_owned)
            _stream.Dispose();
    }

    private static string? Fault(TraceRequest request)
    {
        if (!double.IsFinite(request.ArrivalSeconds) || request.ArrivalSeconds < 0)
            return $"the arrival is {request.ArrivalSeconds}; expected zero seconds or more";
        if (string.IsNullOrEmpty(request.Namespace) || TraceText.HalfPair(request.Namespace) >= 0)
            return "the namespace is empty or no whole text; expected a name";
        if (request.Domain is { } domain && (domain.Length == 0 || TraceText.HalfPair(domain) >= 0))
            return "the domain is empty or no whole text; expected a name or none";
        if (!Enum.IsDefined(request.Class)) return $"the class is {(int)request.Class}; expected a defined one";
        if (request.Prompt.IsEmpty) return "the prompt is empty; expected at least one token or character";
        return request.Sampling is null ? null : Fault(request.Sampling.Options, request.Sampling.MaxTokens);
    }

    private static string? Fault(SamplingOptions options, int? maxTokens)
    {
        if (maxTokens < 1) return $"the token limit is {maxTokens}; expected 1 or more";
        if (options.AllowedTokens is not null || options.Constraint is not null)
            return "it restricts its tokens by a mask or a constraint; expected options that a trace has keys for";
        if (options.LogitBias?.Values.All(float.IsFinite) == false) return "a logit bias is infinite; expected finite ones";
        return options.Fault(int.MaxValue);
    }

    private void WriteText(string key, TraceText text)
    {
        if (text.Text is not null)
        {
            _json.WriteString(key, text.Text);
            return;
        }
        _json.WriteStartArray(key + TraceKeys.TokensSuffix);
        foreach (int token in text.Tokens!)
            _json.WriteNumberValue(token);
        _json.WriteEndArray();
    }

    private void WriteSampling(SamplingOptions options, int? maxTokens)
    {
        SamplingOptions none = SamplingOptions.Greedy;
        _json.WriteStartObject(TraceKeys.Sampling);
        WriteUnless(none.Temperature, TraceKeys.Temperature, options.Temperature);
        if (options.TopK != none.TopK)
            _json.WriteNumber(TraceKeys.TopK, options.TopK);
        WriteUnless(none.TopP, TraceKeys.TopP, options.TopP);
        WriteUnless(none.MinP, TraceKeys.MinP, options.MinP);
        WriteUnless(none.RepetitionPenalty, TraceKeys.RepetitionPenalty, options.RepetitionPenalty);
        WriteUnless(none.PresencePenalty, TraceKeys.PresencePenalty, options.PresencePenalty);
        WriteUnless(none.FrequencyPenalty, TraceKeys.FrequencyPenalty, options.FrequencyPenalty);
        if (options.LogitBias is not null)
            WriteLogitBias(options.LogitBias);
        if (options.Seed != none.Seed)
            _json.WriteNumber(TraceKeys.Seed, options.Seed);
        if (maxTokens is not null)
            _json.WriteNumber(TraceKeys.MaxTokens, maxTokens.Value);
        _json.WriteEndObject();
    }

    private void WriteUnless(float unchanged, string key, float value)
    {
        if (value != unchanged)
            _json.WriteNumber(key, value);
    }

    private void WriteLogitBias(IReadOnlyDictionary<int, float> biases)
    {
        _json.WriteStartObject(TraceKeys.LogitBias);
        foreach (var (token, bias) in biases.OrderBy(pair => pair.Key))
            _json.WriteNumber(token.ToString(System.Globalization.CultureInfo.InvariantCulture), bias);
        _json.WriteEndObject();
    }
}
