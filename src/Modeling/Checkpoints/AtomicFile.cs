namespace Atlas.Modeling.Checkpoints;

/// <summary>
/// Replaces a file as a whole: the content goes to a temporary file beside it, is flushed to the disk, and takes the name by a rename. A
/// process that dies at any moment leaves the old file or the new one, at most with a stray temporary file (<c>.name.random.tmp</c>).
/// </summary>
public static class AtomicFile
{
    /// <summary>Writes a file; where <paramref name="write"/> throws, the old file stays and the temporary one is removed.</summary>
    /// <param name="path">The file to create or replace; its directory must exist.</param>
    /// <param name="write">Writes the content to a seekable stream.</param>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        string temporary = TemporaryName(path);
        try
        {
            using (FileStream stream = new(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Writes a file from bytes.</summary>
    public static void Write(string path, byte[] content) => Write(path, stream => stream.Write(content));

    /// <summary>A name beside <paramref name="path"/> that nobody else uses.</summary>
    internal static string TemporaryName(string path)
    {
        string full = Path.GetFullPath(path);
        return Path.Combine(Path.GetDirectoryName(full)!, $".{Path.GetFileName(full)}.{Path.GetRandomFileName()}.tmp");
    }
}
