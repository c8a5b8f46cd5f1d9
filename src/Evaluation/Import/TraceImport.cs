using Atlas.Evaluation.Traces;

namespace Atlas.Evaluation.Import;

/// <summary>
/// Turns logs of other shapes into trace requests, one after the other: memory grows with the largest conversation, not with the files. Every
/// fault names file, line and what was expected.
/// </summary>
public static class TraceImport
{
    /// <summary>Reads files in their order.</summary>
    /// <param name="format">What they hold.</param>
    /// <param name="files">The files; each is opened when its turn comes.</param>
    /// <exception cref="TraceException">Thrown while reading: a file cannot be opened, or the first fault in it.</exception>
    public static IEnumerable<TraceRequest> Read(ImportFormat format, IEnumerable<string> files)
    {
        foreach (string file in files)
        {
            using var stream = Open(file);
            foreach (var request in Read(format, stream, file)) yield return request;
        }
    }

    /// <summary>Reads a stream.</summary>
    /// <param name="format">What it holds.</param>
    /// <param name="stream">Where to read; left open.</param>
    /// <param name="name">The name to show in errors; the namespace of plain text is its extension.</param>
    /// <exception cref="TraceException">Thrown while reading: the first fault.</exception>
    public static IEnumerable<TraceRequest> Read(ImportFormat format, Stream stream, string name) => format switch
    {
        ImportFormat.OpenAi => OpenAiLog.Read(stream, name),
        ImportFormat.ShareGpt => ShareGptLog.Read(stream, name),
        ImportFormat.Text => TextLog.Read(stream, name),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "expected a defined format"),
    };

    private static FileStream Open(string file)
    {
        try
        {
            return File.OpenRead(file);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new TraceException($"{file}: cannot be opened ({fault.Message.ReplaceLineEndings(" ")}); expected a log to import", fault);
        }
    }
}
