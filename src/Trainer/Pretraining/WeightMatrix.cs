using Atlas.Modeling;

namespace Atlas.Trainer.Pretraining;

/// <summary>A matrix taken out of weights in memory to be changed row by row; <see cref="Store"/> puts it back.</summary>
internal sealed class WeightMatrix
{
    private readonly WeightsInMemory _weights;
    private readonly string _name;
    private readonly int[] _shape;
    private readonly float[] _values;

    /// <summary>A copy of the tensor <paramref name="name"/>, [rows, columns].</summary>
    /// <exception cref="CheckpointException">There is none of that name.</exception>
    public WeightMatrix(WeightsInMemory weights, string name)
    {
        _weights = weights;
        _name = name;
        _shape = [.. weights.Describe(name).Shape];
        _values = weights.Values(name).ToArray();
    }

    /// <summary>Number of rows.</summary>
    public int Rows => _shape[0];

    /// <summary>The values of one row.</summary>
    public Span<float> Row(int row) => _values.AsSpan(row * _shape[1], _shape[1]);

    /// <summary>Writes the changed matrix to the weights.</summary>
    public void Store() => _weights.Write(_name, _shape, _values);
}
