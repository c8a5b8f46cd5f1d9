using System.Text.Json;
using System.Text.Unicode;
using Atlas.Core.Decoding;
using Atlas.Core.Sampling;

namespace Atlas.Evaluation.Traces;

/// <summary>
/// Reads traces: JSON Lines in UTF-8, one <see cref="TraceRequest"/> a line. Blank lines and a byte order mark are skipped, unknown keys
/// are ignored, a null counts as absent, and anything else that is not as the format says ends the reading with a
/// <see cref="TraceException"/>.
/// </summary>
public static class TraceReader
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>Opens a trace file and reads it request by request, from its beginning each time it is enumerated; memory does not grow with the file.</summary>
    /// <param name="path">The file, closed when the enumeration ends.</param>
    /// <exception cref="TraceException">The file cannot be opened; later, while reading, the first fault in it.</exception>
    public static IEnumerable<TraceRequest> Read(string path)
    {
        FileStream? opened = Open(path);
        return FromBeginning();

        IEnumerable<TraceRequest> FromBeginning()
        {
            using FileStream file = Interlocked.Exchange(ref opened, null) ?? Open(path);
            foreach (TraceRequest request in ReadLines(new Utf8Lines(file), path))
                yield return request;
        }
    }

    /// <summary>Reads a trace from a stream, request by request.</summary>
    /// <param name="stream">Where to read; left open.</param>
    /// <param name="name">The name to show in errors.</param>
    /// <exception cref="TraceException">Thrown while reading: the first fault in the trace.</exception>
    public static IEnumerable<TraceRequest> Read(Stream stream, string name)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return ReadLines(new Utf8Lines(stream), name);
    }

    private static FileStream Open(string path)
    {
        try
        {
            return File.OpenRead(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new TraceException(
                $"{path}: cannot be opened ({fault.Message.ReplaceLineEndings(" ")}); expected a trace of JSON lines", fault);
        }
    }

    private static IEnumerable<TraceRequest> ReadLines(Utf8Lines lines, string name)
    {
        for (long number = 1; lines.Next(out ReadOnlyMemory<byte> line); number++)
        {
            if (number == 1 && line.Span.StartsWith("\uFEFF"u8))
                line = line[3..];
            if (!line.Span.ContainsAnyExcept(" \t\r"u8))
                continue;
            yield return Request(line, $"{name}:{number}");
        }
    }

    private static TraceRequest Request(ReadOnlyMemory<byte> line, string place)
    {
        if (!Utf8.IsValid(line.Span))
            throw new TraceException($"{place}: the line is not UTF-8; expected one JSON object in UTF-8");
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(line, Strict);
        }
        catch (JsonException fault)
        {
            throw new TraceException(
                $"{place}: no valid JSON (byte {fault.BytePositionInLine ?? 0}); expected one JSON object without duplicate keys", fault);
        }
        using (document)
            return Request(new TraceField(document.RootElement, place, ""));
    }

    private static TraceRequest Request(TraceField root)
    {
        return new TraceRequest
        {
            ArrivalSeconds = Arrival(root),
            Namespace = Name(root, TraceKeys.Namespace) ?? TraceRequest.DefaultNamespace,
            Domain = Name(root, TraceKeys.Domain),
            Class = Class(root),
            Prompt = Prompt(root),
            Completion = Text(root, TraceKeys.Completion),
            Sampling = root.Find(TraceKeys.Sampling) is { } sampling ? Sampling(sampling) : null,
        };
    }

    private static TraceText Prompt(TraceField root)
    {
        const string Tokens = TraceKeys.Prompt + TraceKeys.TokensSuffix;
        TraceText prompt = Text(root, TraceKeys.Prompt)
            ?? throw root.Absent(TraceKeys.Prompt, $"text, or token ids as {Tokens}");
        return prompt.IsEmpty
            ? throw root.Find(prompt.Text is null ? Tokens : TraceKeys.Prompt)!.Value.Fault("at least one character or token id")
            : prompt;
    }

    private static double Arrival(TraceField root)
    {
        const string Expected = "seconds since the trace's start, zero or more";
        TraceField field = root.Find(TraceKeys.Arrival) ?? throw root.Absent(TraceKeys.Arrival, Expected);
        double seconds = field.Number();
        return seconds >= 0 ? seconds : throw field.Fault(Expected);
    }

    private static string? Name(TraceField root, string key)
    {
        if (root.Find(key) is not { } field) return null;
        string name = field.Text();
        return name.Length > 0 ? name : throw field.Fault("a name");
    }

    private static RequestClass Class(TraceField root)
    {
        if (root.Find(TraceKeys.Class) is not { } field)
            return RequestClass.Interactive;
        int index = RequestClassNames.All.IndexOf(field.Text());
        return index >= 0 ? (RequestClass)index : throw field.Fault(string.Join(", ", RequestClassNames.All));
    }

    private static TraceText? Text(TraceField root, string key)
    {
        TraceField? text = root.Find(key);
        TraceField? tokens = root.Find(key + TraceKeys.TokensSuffix);
        if (text is not null && tokens is not null)
            throw tokens.Value.Because($"stands beside {key}; expected one of the two");
        return text is not null ? TraceText.Of(text.Value.Text()) : tokens is not null ? TraceText.Of(tokens.Value.Tokens()) : null;
    }

    private static TraceSampling Sampling(TraceField field)
    {
        SamplingOptions none = SamplingOptions.Greedy;
        var options = new SamplingOptions
        {
            Temperature = field.Find(TraceKeys.Temperature)?.Single() ?? none.Temperature,
            TopK = field.Find(TraceKeys.TopK)?.Whole(low: 0) ?? none.TopK,
            TopP = field.Find(TraceKeys.TopP)?.Single() ?? none.TopP,
            MinP = field.Find(TraceKeys.MinP)?.Single() ?? none.MinP,
            RepetitionPenalty = field.Find(TraceKeys.RepetitionPenalty)?.Single() ?? none.RepetitionPenalty,
            PresencePenalty = field.Find(TraceKeys.PresencePenalty)?.Single() ?? none.PresencePenalty,
            FrequencyPenalty = field.Find(TraceKeys.FrequencyPenalty)?.Single() ?? none.FrequencyPenalty,
            LogitBias = field.Find(TraceKeys.LogitBias) is { } bias ? LogitBias(bias) : null,
            Seed = field.Find(TraceKeys.Seed)?.Unsigned() ?? none.Seed,
        };
        return options.Fault(int.MaxValue) is { } fault
            ? throw field.Because(fault)
            : new TraceSampling(options, field.Find(TraceKeys.MaxTokens)?.Whole(low: 1));
    }

    private static Dictionary<int, float> LogitBias(TraceField field)
    {
        var biases = new Dictionary<int, float>();
        foreach (var (name, bias) in field.Members())
        {
            if (!int.TryParse(name, System.Globalization.NumberStyles.None, null, out int token))
                throw bias.Because($"the key is no token id; expected a whole number from 0 to {int.MaxValue}");
            biases[token] = bias.Single();
        }
        return biases;
    }
}
