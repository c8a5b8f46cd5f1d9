namespace Atlas.Modeling.Checkpoints;

/// <summary>
/// Replaces a file as a whole: the content goes to a temporary file beside it, is flushed to the disk, and takes the name by a rename. A
/// process that dies at any moment leaves the old file or the new one, at most with a stray temporary file (<c>.name.random.tmp</c>). For
/// one thread.
/// </summary>
public sealed class AtomicFile : IDisposable
{
    private readonly string _temporary;
    private readonly FileStream _stream;
    private bool _done;

    /// <summary>Opens a temporary file that will take the name <paramref name="path"/>; its directory must exist.</summary>
    public AtomicFile(string path)
    {
        Path = System.IO.Path.GetFullPath(path);
        _temporary = TemporaryName(Path);
        _stream = new FileStream(_temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16);
    }

    /// <summary>The file that <see cref="Commit"/> creates or replaces.</summary>
    public string Path { get; }

    /// <summary>Takes the content; seekable. Closed by <see cref="Commit"/> and <see cref="Dispose"/>.</summary>
    public Stream Content => _stream;

    /// <summary>Writes a file in one go; where <paramref name="write"/> throws, the old file stays.</summary>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        using var file = new AtomicFile(path);
        write(file.Content);
        file.Commit();
    }

    /// <summary>Writes a file from bytes.</summary>
    public static void Write(string path, byte[] content) => Write(path, stream => stream.Write(content));

    /// <summary>Flushes the content to the disk and puts it in the file's place.</summary>
    public void Commit()
    {
        _stream.Flush(flushToDisk: true);
        _stream.Dispose();
        File.Move(_temporary, Path, overwrite: true);
        _done = true;
    }

    /// <summary>Removes the temporary file unless it was committed.</summary>
    public void Dispose()
    {
        _stream.Dispose();
        if (!_done) File.Delete(_temporary);
        _done = true;
    }

    /// <summary>A name beside <paramref name="path"/> that nobody else uses.</summary>
    internal static string TemporaryName(string path)
    {
        string full = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        return System.IO.Path.Combine(System.IO.Path.GetDirectoryName(full) ?? "",
            $".{System.IO.Path.GetFileName(full)}.{System.IO.Path.GetRandomFileName()}.tmp");
    }
}
