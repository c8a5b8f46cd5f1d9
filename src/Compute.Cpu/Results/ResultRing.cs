namespace Atlas.Compute.Cpu.Results;

/// <summary>
/// Results handed out in turn. A result kept beyond the next forward is refused; only after a whole round would its object be valid again,
/// for the newest forward.
/// </summary>
internal sealed class ResultRing
{
    private readonly CpuForwardResult[] _results = new CpuForwardResult[16];
    private int _next;

    /// <summary>Results over one set of output rows.</summary>
    public ResultRing(OutputRows outputs, SampleJob sampling)
    {
        for (int i = 0; i < _results.Length; i++) _results[i] = new CpuForwardResult(outputs, sampling);
    }

    /// <summary>The result of the forward that has just filled the outputs.</summary>
    public CpuForwardResult Take()
    {
        var result = _results[_next];
        _next = (_next + 1) % _results.Length;
        result.Renew();
        return result;
    }
}
