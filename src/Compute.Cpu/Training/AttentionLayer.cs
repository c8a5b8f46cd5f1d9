namespace Atlas.Compute.Cpu.Training;

/// <summary>One layer's attention over a batch: its buffers and what is special about the layer.</summary>
internal readonly unsafe struct AttentionLayer
{
    /// <summary>Queries, keys and values, [positions, joint width]: projected before the forward, normalized and rotated after it.</summary>
    public required float* Joint { get; init; }

    /// <summary>Queries and keys as projected, [positions, turned width]; null without norms over heads.</summary>
    public required float* Raw { get; init; }

    /// <summary>Inverse root mean squares of the heads' norms, [positions, turned heads]; null without them.</summary>
    public required float* RawInverse { get; init; }

    /// <summary>Logarithm of each softmax's denominator, [heads, positions].</summary>
    public required float* LogSum { get; init; }

    /// <summary>What the heads read, [positions, query width].</summary>
    public required float* Output { get; init; }

    /// <summary>Weight of the norm over query heads, [head dim], or null.</summary>
    public required float* QueryNorm { get; init; }

    /// <summary>Weight of the norm over key heads, [head dim], or null.</summary>
    public required float* KeyNorm { get; init; }

    /// <summary>Positions a query sees, itself included; 0 for all.</summary>
    public required int Window { get; init; }

    /// <summary>Positions in the batch.</summary>
    public required int Positions { get; init; }
}
