namespace Atlas.Compute.Cpu.Training;

/// <summary>What one block's forward leaves for its backward; rows are the batch's positions.</summary>
internal readonly unsafe struct LayerActivations
{
    /// <summary>Residual stream before the block, [positions, hidden].</summary>
    public required float* Input { get; init; }

    /// <summary>Inverse root mean squares of <see cref="Input"/>, [positions].</summary>
    public required float* InputInverse { get; init; }

    /// <summary>Attention's buffers.</summary>
    public required AttentionLayer Attention { get; init; }

    /// <summary>Residual stream between attention and feed-forward, [positions, hidden].</summary>
    public required float* Middle { get; init; }

    /// <summary>Inverse root mean squares of <see cref="Middle"/>, [positions].</summary>
    public required float* MiddleInverse { get; init; }

    /// <summary>Gate and up projections, [positions, 2 x intermediate].</summary>
    public required float* GateUp { get; init; }

    /// <summary>Residual stream behind the block: the next one's input, [positions, hidden].</summary>
    public required float* Result { get; init; }
}
