namespace Atlas.Host.CommandLine;

/// <summary>A file that holds a bearer token in its first line.</summary>
internal static class TokenFile
{
    /// <summary>The token; null where no file is named.</summary>
    /// <exception cref="UsageException">The file is not there, or its first line is empty.</exception>
    public static string? Read(string? path)
    {
        if (path is null) return null;
        if (!File.Exists(path)) throw new UsageException($"--token-file {path} is not there; expected a file whose first line is the token");
        string token = File.ReadLines(path).FirstOrDefault()?.Trim() ?? "";
        return token.Length > 0 ? token : throw new UsageException($"--token-file {path} has an empty first line; expected the token");
    }
}
