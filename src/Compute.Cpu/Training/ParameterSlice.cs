namespace Atlas.Compute.Cpu.Training;

/// <summary>Where a tensor lies among all parameters.</summary>
/// <param name="Name">Its Hugging Face name.</param>
/// <param name="Shape">Outermost dimension first.</param>
/// <param name="Offset">First element.</param>
/// <param name="Count">Number of elements.</param>
internal sealed record ParameterSlice(string Name, int[] Shape, long Offset, int Count)
{
    /// <summary>Weight decay is for matrices only.</summary>
    public bool Decays => Shape.Length > 1;
}
