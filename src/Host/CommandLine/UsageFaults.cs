namespace Atlas.Host.CommandLine;

/// <summary>Gathers what is wrong with several options, so that all of it is said at once.</summary>
internal sealed class UsageFaults
{
    private readonly List<string> _faults = [];

    /// <summary>Adds a fault, in one line.</summary>
    public void Add(string fault) => _faults.Add(fault);

    /// <summary>Reads something; what is wrong with it is gathered, and the default stands for it.</summary>
    public T? Read<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (UsageException e)
        {
            _faults.AddRange(e.Faults);
            return default;
        }
    }

    /// <summary>Ends the gathering.</summary>
    /// <exception cref="UsageException">Something is wrong.</exception>
    public void ThrowIfAny()
    {
        if (_faults.Count > 0) throw new UsageException(_faults);
    }
}
