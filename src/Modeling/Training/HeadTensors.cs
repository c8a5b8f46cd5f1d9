namespace Atlas.Modeling.Training;

/// <summary>The tensors of a learned speculator's head: names, shapes and first values.</summary>
public static class HeadTensors
{
    /// <summary>Norm over the state, [hidden].</summary>
    public const string StateNorm = "state_norm.weight";

    /// <summary>Norm over the token's embedding, [hidden].</summary>
    public const string TokenNorm = "token_norm.weight";

    /// <summary>Gate projection of both, [intermediate, 2 x hidden].</summary>
    public const string Gate = "gate_proj.weight";

    /// <summary>Up projection of both, [intermediate, 2 x hidden].</summary>
    public const string Up = "up_proj.weight";

    /// <summary>Down projection, [hidden, intermediate]; 0 at first, so that an untrained head keeps the target's state.</summary>
    public const string Down = "down_proj.weight";

    /// <summary>Norm of the next state, [hidden].</summary>
    public const string ResultNorm = "norm.weight";

    private const double InitialDeviation = 0.02;

    /// <summary>All of them; gate and up are neighbours.</summary>
    /// <param name="config">Shape of the head.</param>
    /// <param name="hidden">Width of the target's states.</param>
    public static IEnumerable<TensorShape> Expected(HeadConfig config, int hidden)
    {
        yield return new(StateNorm, [hidden]);
        yield return new(TokenNorm, [hidden]);
        yield return new(Gate, [config.IntermediateSize, 2 * hidden]);
        yield return new(Up, [config.IntermediateSize, 2 * hidden]);
        yield return new(Down, [hidden, config.IntermediateSize]);
        yield return new(ResultNorm, [hidden]);
    }

    /// <summary>First values of a tensor.</summary>
    /// <param name="name">Which one.</param>
    /// <param name="values">Its elements, row-major.</param>
    /// <param name="seed">Seed of the gate and up projections.</param>
    /// <param name="stateScale">Root mean square of the target's states: the next states begin with it.</param>
    public static void Initialize(string name, Span<float> values, ulong seed, float stateScale)
    {
        if (name is Gate or Up) NormalGenerator.Fill(values, seed, name, InitialDeviation);
        else values.Fill(name is Down ? 0f : name is ResultNorm ? stateScale : 1f);
    }
}
