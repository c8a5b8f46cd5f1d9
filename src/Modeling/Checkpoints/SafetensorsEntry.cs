namespace Atlas.Modeling.Checkpoints;

/// <summary>One tensor of a safetensors header, already checked against the file.</summary>
/// <param name="Name">The tensor's name.</param>
/// <param name="Dtype">Element type as the header spells it; one that Atlas reads, or another that the format knows.</param>
/// <param name="Shape">Outermost dimension first; empty for a scalar.</param>
/// <param name="Offset">Where its bytes begin, from the start of the file.</param>
/// <param name="Bytes">How many there are.</param>
internal sealed record SafetensorsEntry(string Name, string Dtype, IReadOnlyList<int> Shape, long Offset, long Bytes)
{
    /// <summary>The element type, null for one that Atlas does not read.</summary>
    public WeightType? Type => Dtype switch
    {
        "F32" => WeightType.F32,
        "F16" => WeightType.F16,
        "BF16" => WeightType.BF16,
        _ => null,
    };

    /// <summary>Number of elements.</summary>
    public long Elements => Shape.Aggregate(1L, (product, d) => product * d);
}
