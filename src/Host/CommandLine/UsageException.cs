namespace Atlas.Host.CommandLine;

/// <summary>
/// Bad usage or bad input. The message is one line that says what, where and what was expected; the process ends with exit code 2.
/// </summary>
public sealed class UsageException(string message) : Exception(message);
