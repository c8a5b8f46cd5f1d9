namespace Atlas.Compute.Cpu.Training;

/// <summary>What a head is doing piece by piece.</summary>
internal enum HeadWork
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Forward and backward of examples.</summary>
    Gradient,

    /// <summary>An optimizer update.</summary>
    Update,
}
