using Atlas.Modeling;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Atlas.Compute.Torch;

/// <summary>The layers of one transformer block.</summary>
internal sealed class LayerWeights : IDisposable
{
    /// <summary>Places of a block's tensors in <see cref="Tensors"/>: of its norms' gains, its products' matrices and biases.</summary>
    public const int InputGain = 0, QkvMatrix = 1, QkvBias = 2, HeadGain = 3, OutputMatrix = 4, OutputBias = 5, PostGain = 6, GateUpMatrix = 7,
        GateUpBias = 8, DownMatrix = 9, DownBias = 10, TensorCount = 11;

    private readonly RmsNorm _inputNorm;
    private readonly Projection _qkv;
    private readonly HeadNorms? _headNorms;
    private readonly Projection _output;
    private readonly RmsNorm _postNorm;
    private readonly Projection _gateUp;
    private readonly Projection _down;

    /// <summary>Allocates block <paramref name="layer"/>; <see cref="Read"/> fills it.</summary>
    public LayerWeights(ModelConfig config, int layer, torch.ScalarType type, torch.Device device)
    {
        string Name(string part) => DecoderTensors.Layer(layer, part);
        RmsNorm Norm(string part) => new(Name(part), config.HiddenSize, device);
        Projection Linear(int inputs, bool bias, params WeightPart[] parts) => new(inputs, bias, type, device, parts);

        _inputNorm = Norm("input_layernorm.weight");
        _qkv = Linear(config.HiddenSize, config.QkvBias,
            new(Name("self_attn.q_proj"), config.QueryWidth, OrderQueries),
            new(Name("self_attn.k_proj"), config.KvWidth, keys => HeadOrder.Interleave(keys, config.HeadDim)),
            new(Name("self_attn.v_proj"), config.KvWidth));
        _headNorms = config.QkNorm ? new HeadNorms(config, layer, device) : null;
        _output = Linear(config.QueryWidth, config.OutputBias, new WeightPart(
            Name("self_attn.o_proj"), config.HiddenSize, ReorderInputs: heads => HeadOrder.GroupsFirst(heads, config.KvHeads, config.HeadDim)));
        _postNorm = Norm("post_attention_layernorm.weight");
        _gateUp = Linear(config.HiddenSize, config.MlpBias,
            new(Name("mlp.gate_proj"), config.IntermediateSize),
            new(Name("mlp.up_proj"), config.IntermediateSize));
        _down = Linear(config.IntermediateSize, config.MlpBias, new WeightPart(Name("mlp.down_proj"), config.HiddenSize));

        void OrderQueries(Tensor queries)
        {
            HeadOrder.Interleave(queries, config.HeadDim);
            HeadOrder.GroupsFirst(queries, config.KvHeads, config.HeadDim);
        }
    }

    /// <summary>Bytes that a forward reads.</summary>
    public long Bytes =>
        _inputNorm.Bytes + _qkv.Bytes + (_headNorms?.Bytes ?? 0) + _output.Bytes + _postNorm.Bytes + _gateUp.Bytes + _down.Bytes;

    /// <summary>All tensors by place. Where the model has none, another stands for it, which nobody reads.</summary>
    public IEnumerable<Tensor> Tensors =>
    [
        _inputNorm.Gain, _qkv.Matrix, _qkv.Bias ?? _inputNorm.Gain, _headNorms?.Gain ?? _inputNorm.Gain, _output.Matrix,
        _output.Bias ?? _inputNorm.Gain, _postNorm.Gain, _gateUp.Matrix, _gateUp.Bias ?? _inputNorm.Gain, _down.Matrix,
        _down.Bias ?? _inputNorm.Gain,
    ];

    /// <summary>Fills the block.</summary>
    public void Read(WeightReader reader)
    {
        _inputNorm.Read(reader);
        _qkv.Read(reader);
        _headNorms?.Read(reader);
        _output.Read(reader);
        _postNorm.Read(reader);
        _gateUp.Read(reader);
        _down.Read(reader);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _inputNorm.Dispose();
        _qkv.Dispose();
        _headNorms?.Dispose();
        _output.Dispose();
        _postNorm.Dispose();
        _gateUp.Dispose();
        _down.Dispose();
    }
}
