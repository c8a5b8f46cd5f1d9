namespace Atlas.Modeling;

/// <summary>Element type of a tensor in a checkpoint.</summary>
public enum WeightType
{
    /// <summary>IEEE 754 binary32.</summary>
    F32,

    /// <summary>IEEE 754 binary16.</summary>
    F16,

    /// <summary>The upper half of a binary32.</summary>
    BF16,
}
