using Atlas.Modeling;
using TorchSharp;

namespace Atlas.Compute.Torch;

/// <summary>All weights of a decoder on the device.</summary>
internal sealed class DecoderWeights : IDisposable
{
    private readonly ModelConfig _config;
    private readonly Projection _embedding;
    private readonly LayerWeights[] _layers;

    /// <summary>Allocates weights of that shape; <see cref="Read"/> fills them.</summary>
    public DecoderWeights(ModelConfig config, torch.ScalarType type, torch.Device device)
    {
        _config = config;
        _embedding = Vocabulary(DecoderTensors.Embedding);
        _layers = [.. Enumerable.Range(0, config.Layers).Select(i => new LayerWeights(config, i, type, device))];
        Layers = [.. _layers.SelectMany(layer => layer.Tensors)];
        FinalNorm = new RmsNorm(DecoderTensors.FinalNorm, config.HiddenSize, device);
        Head = config.TiedEmbeddings ? _embedding : Vocabulary(DecoderTensors.Head);

        Projection Vocabulary(string name) =>
            new(config.HiddenSize, bias: false, type, device, new WeightPart(name[..^".weight".Length], config.VocabularySize));
    }

    /// <summary>Rows of the embedding, [vocabulary, hidden].</summary>
    public torch.Tensor Embedding => _embedding.Matrix;

    /// <summary>The tensors of all blocks, first to last, each block's as <see cref="LayerWeights.Tensors"/> has them.</summary>
    public torch.Tensor[] Layers { get; }

    /// <summary>Before the head.</summary>
    public RmsNorm FinalNorm { get; }

    /// <summary>From the residual stream to logits.</summary>
    public Projection Head { get; }

    /// <summary>Bytes that weights of a shape take on the device.</summary>
    public static long BytesOf(ModelConfig config, torch.ScalarType type) => DecoderTensors.Expected(config)
        .Sum(t => t.Elements * (t.Shape.Count == 1 ? sizeof(float) : type.ElementSize()));

    /// <summary>Bytes that a one-row forward reads; of an untied embedding just one row.</summary>
    public long BytesPerStep =>
        _layers.Sum(l => l.Bytes) + FinalNorm.Bytes + Head.Bytes + (_config.TiedEmbeddings ? 0 : _embedding.Bytes / _config.VocabularySize);

    /// <summary>Fills all weights. The source is checked first, so that a faulty one changes nothing.</summary>
    /// <exception cref="CheckpointException">A tensor is missing or has another shape.</exception>
    public void Read(IWeightSource source)
    {
        var reader = new WeightReader(source);
        reader.Check(DecoderTensors.Expected(_config));
        _embedding.Read(reader);
        foreach (var layer in _layers) layer.Read(reader);
        FinalNorm.Read(reader);
        if (!_config.TiedEmbeddings) Head.Read(reader);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _embedding.Dispose();
        foreach (var layer in _layers) layer.Dispose();
        FinalNorm.Dispose();
        if (!_config.TiedEmbeddings) Head.Dispose();
    }
}
