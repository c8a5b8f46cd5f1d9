namespace Atlas.Compute.Cpu.Tokens;

/// <summary>What a <see cref="SuccessorTable"/> keeps of a context.</summary>
internal enum SuccessorPart
{
    /// <summary>Tells it from other contexts of the same place.</summary>
    Check,

    /// <summary>Tokens that followed it.</summary>
    Tokens,

    /// <summary>Their weights.</summary>
    Weights,

    /// <summary>Sums of their squared gradients.</summary>
    Sums,
}
