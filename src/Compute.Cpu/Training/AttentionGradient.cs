namespace Atlas.Compute.Cpu.Training;

/// <summary>Gradients that an attention layer's backward reads and writes.</summary>
internal readonly unsafe struct AttentionGradient
{
    /// <summary>By the output, [positions, query width]; read.</summary>
    public required float* Output { get; init; }

    /// <summary>By the projected queries, keys and values, [positions, joint width]; written.</summary>
    public required float* Joint { get; init; }

    /// <summary>By the weight of the norm over query heads; added to, or null.</summary>
    public required float* QueryNorm { get; init; }

    /// <summary>By the weight of the norm over key heads; added to, or null.</summary>
    public required float* KeyNorm { get; init; }
}
