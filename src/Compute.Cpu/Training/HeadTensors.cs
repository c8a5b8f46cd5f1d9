using Atlas.Modeling;
using Atlas.Modeling.Training;

namespace Atlas.Compute.Cpu.Training;

/// <summary>The tensors of a learned speculator's head: names, shapes and first values.</summary>
internal static class HeadTensors
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
    public static IEnumerable<TensorShape> Expected(HeadConfig config, int hidden)
    {
        yield return new(StateNorm, [hidden]);
        yield return new(TokenNorm, [hidden]);
        yield return new(Gate, [config.IntermediateSize, 2 * hidden]);
        yield return new(Up, [config.IntermediateSize, 2 * hidden]);
        yield return new(Down, [hidden, config.IntermediateSize]);
        yield return new(ResultNorm, [hidden]);
    }

    /// <summary>First weights.</summary>
    /// <param name="parameters">Where to.</param>
    /// <param name="seed">Seed of the gate and up projections.</param>
    /// <param name="stateScale">Root mean square of the target's states: the next states begin with it.</param>
    public static void Initialize(ParameterStore parameters, ulong seed, float stateScale)
    {
        parameters.WeightsOf(StateNorm).Fill(1f);
        parameters.WeightsOf(TokenNorm).Fill(1f);
        parameters.WeightsOf(ResultNorm).Fill(stateScale);
        NormalGenerator.Fill(parameters.WeightsOf(Gate), seed, Gate, InitialDeviation);
        NormalGenerator.Fill(parameters.WeightsOf(Up), seed, Up, InitialDeviation);
        parameters.WeightsOf(Down).Clear();
    }
}
