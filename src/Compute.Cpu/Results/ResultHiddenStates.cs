namespace Atlas.Compute.Cpu.Results;

/// <summary>The hidden states of a forward's result, valid as long as that.</summary>
internal sealed class ResultHiddenStates(OutputRows outputs) : CpuHiddenStates
{
    private long _version = -1;

    /// <inheritdoc/>
    public override int Width => outputs.Width;

    /// <summary>Belongs to the outputs' content from now on.</summary>
    public void Renew() => _version = outputs.Version;

    /// <inheritdoc/>
    public override ReadOnlySpan<float> Row(int row)
    {
        if (_version != outputs.Version) throw new InvalidOperationException("the hidden states were replaced by a later forward");
        return outputs.HiddenOf(row);
    }
}
