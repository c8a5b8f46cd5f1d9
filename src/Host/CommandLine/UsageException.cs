namespace Atlas.Host.CommandLine;

/// <summary>
/// Bad usage or bad input. Each fault is one line that says what, where and what was expected; the process ends with exit code 2.
/// </summary>
/// <param name="faults">One or more faults, each in one line.</param>
public sealed class UsageException(IReadOnlyList<string> faults) : Exception(string.Join("; ", faults))
{
    /// <summary>A single fault.</summary>
    public UsageException(string message)
        : this([message])
    {
    }

    /// <summary>What is wrong, one line for each.</summary>
    public IReadOnlyList<string> Faults => faults;
}
