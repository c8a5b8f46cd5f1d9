using Atlas.Compute.Cpu.Memory;
using Atlas.Compute.Cpu.Threading;
using Atlas.Modeling;

namespace Atlas.Compute.Cpu.Weights;

/// <summary>Reads a decoder's weights: checks all shapes, reads the small tensors, then packs all matrices in parallel.</summary>
internal sealed class DecoderWeightsLoader
{
    private readonly ModelConfig _config;
    private readonly IWeightSource _source;
    private readonly WeightFormat _format;
    private readonly List<PackedMatrix> _matrices = [];

    private DecoderWeightsLoader(ModelConfig config, IWeightSource source, WeightFormat format)
    {
        _config = config;
        _source = source;
        _format = format;
    }

    /// <summary>Loads the weights.</summary>
    /// <exception cref="CheckpointException">A tensor is missing or has another shape.</exception>
    public static DecoderWeights Load(ModelConfig config, IWeightSource source, WeightFormat format, WorkerPool pool)
    {
        CheckShapes(config, source);
        var loader = new DecoderWeightsLoader(config, source, format);
        var weights = loader.Build();
        try
        {
            PackJob.Run(pool, source, loader._matrices);
        }
        catch
        {
            weights.Dispose();
            throw;
        }
        return weights;
    }

    private static void CheckShapes(ModelConfig config, IWeightSource source)
    {
        foreach (var expected in DecoderTensors.Expected(config))
        {
            if (!source.Contains(expected.Name))
                throw new CheckpointException(
                    $"{source.Description}: tensor {expected.Name} is missing; expected shape [{string.Join(", ", expected.Shape)}]");
            var shape = source.Describe(expected.Name).Shape;
            if (!shape.SequenceEqual(expected.Shape))
                throw new CheckpointException(
                    $"{source.Description}: tensor {expected.Name} has shape [{string.Join(", ", shape)}]; expected [{string.Join(", ", expected.Shape)}]");
        }
    }

    private DecoderWeights Build()
    {
        var embedding = Matrix(_config.HiddenSize, PackedMatrix.RowsOf(DecoderTensors.Embedding, _config.VocabularySize));
        var layers = new LayerWeights[_config.Layers];
        for (int i = 0; i < layers.Length; i++) layers[i] = Layer(i);
        return new DecoderWeights
        {
            Config = _config,
            Embedding = embedding,
            Layers = layers,
            FinalNorm = Vector(DecoderTensors.FinalNorm, _config.HiddenSize),
            Head = new LinearLayer(_config.TiedEmbeddings ? embedding : Head(), null),
        };
    }

    private PackedMatrix Head() => Matrix(_config.HiddenSize, PackedMatrix.RowsOf(DecoderTensors.Head, _config.VocabularySize));

    private LayerWeights Layer(int layer)
    {
        int hidden = _config.HiddenSize, ffn = _config.IntermediateSize, q = _config.QueryWidth, kv = _config.KvWidth;
        string Name(string part) => DecoderTensors.Layer(layer, part);
        IEnumerable<PanelRows> Qkv(string kind) =>
            PackedMatrix.RowsOf(Name($"self_attn.q_proj.{kind}"), q)
                .Concat(PackedMatrix.RowsOf(Name($"self_attn.k_proj.{kind}"), kv))
                .Concat(PackedMatrix.RowsOf(Name($"self_attn.v_proj.{kind}"), kv));
        IEnumerable<PanelRows> GateUp(string kind) => PackedMatrix.Alternating(Name($"mlp.gate_proj.{kind}"), Name($"mlp.up_proj.{kind}"), ffn);
        IEnumerable<PanelRows> Output(string kind) => PackedMatrix.RowsOf(Name($"self_attn.o_proj.{kind}"), hidden);
        IEnumerable<PanelRows> Down(string kind) => PackedMatrix.RowsOf(Name($"mlp.down_proj.{kind}"), hidden);
        return new LayerWeights
        {
            AttentionNorm = Vector(Name("input_layernorm.weight"), hidden),
            Qkv = Linear(hidden, Qkv, _config.QkvBias),
            QueryNorm = _config.QkNorm ? Vector(Name("self_attn.q_norm.weight"), _config.HeadDim) : null,
            KeyNorm = _config.QkNorm ? Vector(Name("self_attn.k_norm.weight"), _config.HeadDim) : null,
            Output = Linear(q, Output, _config.OutputBias),
            FeedForwardNorm = Vector(Name("post_attention_layernorm.weight"), hidden),
            GateUp = Linear(hidden, GateUp, _config.MlpBias),
            Down = Linear(ffn, Down, _config.MlpBias),
        };
    }

    private LinearLayer Linear(int inputs, Func<string, IEnumerable<PanelRows>> rows, bool biased) =>
        new(Matrix(inputs, rows("weight")), biased ? Bias([.. rows("bias")]) : null);

    private PackedMatrix Matrix(int inputs, IEnumerable<PanelRows> rows)
    {
        var matrix = new PackedMatrix(_format, inputs, rows);
        _matrices.Add(matrix);
        return matrix;
    }

    private AlignedBuffer<float> Vector(string name, int length)
    {
        var buffer = new AlignedBuffer<float>((length + 15) & ~15);
        buffer.Span(0, (int)buffer.Length).Clear();
        _source.Read(name, buffer.Span(0, length));
        return buffer;
    }

    private AlignedBuffer<float> Bias(PanelRows[] panels)
    {
        var buffer = new AlignedBuffer<float>(panels.Length * 16);
        buffer.Span(0, (int)buffer.Length).Clear();
        foreach (var tensor in panels.GroupBy(panel => panel.Tensor))
        {
            var values = new float[tensor.Sum(panel => panel.Count)];
            _source.Read(tensor.Key, values);
            for (int i = 0; i < panels.Length; i++)
                if (panels[i].Tensor == tensor.Key)
                    values.AsSpan(panels[i].FirstRow, panels[i].Count).CopyTo(buffer.Span(i * 16, panels[i].Count));
        }
        return buffer;
    }
}
