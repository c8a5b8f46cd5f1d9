using Atlas.Modeling;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Atlas.Compute.Torch;

/// <summary>
/// Gains of the norms over each query and each key head, one row per head as the stacked product has them, f32 [heads + kv heads, headDim],
/// their elements in the order of <see cref="HeadOrder"/>.
/// </summary>
internal sealed class HeadNorms : IDisposable
{
    private readonly ModelConfig _config;
    private readonly int _layer;

    /// <summary>Allocates the gains of a block; <see cref="Read"/> fills them.</summary>
    public HeadNorms(ModelConfig config, int layer, torch.Device device)
    {
        _config = config;
        _layer = layer;
        Gain = torch.empty([config.Heads + config.KvHeads, config.HeadDim], torch.ScalarType.Float32, device);
    }

    /// <summary>The gains.</summary>
    public Tensor Gain { get; }

    /// <summary>Bytes that a forward reads.</summary>
    public long Bytes => Gain.NumberOfElements * sizeof(float);

    /// <summary>Fills the gains.</summary>
    public void Read(WeightReader reader)
    {
        ReadPart(reader, "self_attn.q_norm.weight", 0, _config.Heads);
        ReadPart(reader, "self_attn.k_norm.weight", _config.Heads, _config.KvHeads);
    }

    /// <inheritdoc/>
    public void Dispose() => Gain.Dispose();

    private void ReadPart(WeightReader reader, string part, int firstHead, int heads)
    {
        using var scope = torch.NewDisposeScope();
        var gain = torch.empty([_config.HeadDim], torch.ScalarType.Float32, Gain.device);
        reader.Vector(DecoderTensors.Layer(_layer, part), gain, 0, _config.HeadDim);
        HeadOrder.Interleave(gain, _config.HeadDim);
        Gain.narrow(0, firstHead, heads).copy_(gain);
    }
}
