using Atlas.Compute.Cpu.Decoding;
using Atlas.Modeling;

namespace Atlas.Compute.Cpu.Training;

/// <summary>The target's output rows of some tokens as one tensor [tokens, hidden], widened as they are read.</summary>
internal sealed class HotRows(CpuDecoder target, int[] tokens) : IWeightSource
{
    /// <summary>Name of the tensor.</summary>
    public const string Name = "hot_rows";

    /// <inheritdoc/>
    public string Description => "output rows of the target";

    /// <inheritdoc/>
    public bool Contains(string name) => name == Name;

    /// <inheritdoc/>
    public TensorInfo Describe(string name) => new(WeightType.F32, [tokens.Length, target.Config.HiddenSize]);

    /// <inheritdoc/>
    public void Read(string name, Span<float> destination) => target.ReadHeadRows(tokens, destination);

    /// <inheritdoc/>
    public void ReadRows(string name, int firstRow, Span<float> destination) =>
        target.ReadHeadRows(tokens.AsSpan(firstRow, destination.Length / target.Config.HiddenSize), destination);
}
