namespace Atlas.Modeling;

/// <summary>A tensor's name in a Hugging Face checkpoint and the shape the model's configuration asks of it.</summary>
/// <param name="Name">Dotted name, such as <c>model.layers.0.self_attn.q_proj.weight</c>.</param>
/// <param name="Shape">Outermost dimension first; a matrix is [outputs, inputs].</param>
public sealed record TensorShape(string Name, IReadOnlyList<int> Shape)
{
    /// <summary>Product of the dimensions.</summary>
    public long Elements => Shape.Aggregate(1L, (product, d) => product * d);
}
