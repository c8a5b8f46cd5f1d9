using Atlas.Modeling.Training;

namespace Atlas.Compute.Cpu.Training;

/// <summary>A head's tensors in one slab of a <see cref="ParameterStore"/>: weights, or their gradient.</summary>
internal sealed unsafe class HeadSlab(ParameterStore store, float* slab)
{
    /// <summary>[hidden].</summary>
    public float* StateNorm { get; } = slab + store.OffsetOrNone(HeadTensors.StateNorm);

    /// <summary>[hidden].</summary>
    public float* TokenNorm { get; } = slab + store.OffsetOrNone(HeadTensors.TokenNorm);

    /// <summary>Gate and up, [2 x intermediate, 2 x hidden].</summary>
    public float* GateUp { get; } = slab + store.OffsetOrNone(HeadTensors.Gate);

    /// <summary>[hidden, intermediate].</summary>
    public float* Down { get; } = slab + store.OffsetOrNone(HeadTensors.Down);

    /// <summary>[hidden].</summary>
    public float* ResultNorm { get; } = slab + store.OffsetOrNone(HeadTensors.ResultNorm);
}
