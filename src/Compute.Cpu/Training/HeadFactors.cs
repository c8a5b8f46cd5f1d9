namespace Atlas.Compute.Cpu.Training;

/// <summary>
/// A head's matrices and hot output rows as right factors of its forward (y = x W') and of its backward (dx = dy W). They are packed once per
/// update, not once per step of the unrolled forward; without that, packing is most of what learning from few examples costs.
/// </summary>
internal sealed class HeadFactors(HotVocabulary hot) : IDisposable
{
    private int[] _hotTokens = [];
    private int _hotVersion = -1;

    /// <summary>Gate and up, forward.</summary>
    public GemmFactor GateUp { get; } = new();

    /// <summary>Gate and up, backward.</summary>
    public GemmFactor GateUpBack { get; } = new();

    /// <summary>Down, forward.</summary>
    public GemmFactor Down { get; } = new();

    /// <summary>Down, backward.</summary>
    public GemmFactor DownBack { get; } = new();

    /// <summary>Output rows, forward.</summary>
    public GemmFactor Hot { get; } = new();

    /// <summary>Output rows, backward.</summary>
    public GemmFactor HotBack { get; } = new();

    /// <summary>The weights have changed.</summary>
    public void Outdate()
    {
        GateUp.Outdate();
        GateUpBack.Outdate();
        Down.Outdate();
        DownBack.Outdate();
    }

    /// <summary>Takes note of another hot vocabulary, or of other output rows of the target.</summary>
    public void CheckHot()
    {
        if (ReferenceEquals(_hotTokens, hot.Tokens) && _hotVersion == hot.RowsVersion) return;
        _hotTokens = hot.Tokens;
        _hotVersion = hot.RowsVersion;
        Hot.Outdate();
        HotBack.Outdate();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        GateUp.Dispose();
        GateUpBack.Dispose();
        Down.Dispose();
        DownBack.Dispose();
        Hot.Dispose();
        HotBack.Dispose();
    }
}
