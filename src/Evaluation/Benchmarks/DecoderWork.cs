using Atlas.Modeling;
using Atlas.Modeling.Engine;

namespace Atlas.Evaluation.Benchmarks;

/// <summary>
/// Counts bytes and operations of a decoder's forwards. Left out are what is small beside the rest (norms, activations, rotation, sampling)
/// and what a cache may hold (activations between layers).
/// </summary>
public sealed class DecoderWork
{
    private readonly double _weightBytes;
    private readonly double _cacheBytesPerToken;
    private readonly double _blockWeights;
    private readonly double _headWeights;
    private readonly double _attentionPerPosition;

    /// <summary>Counts for a loaded decoder, in the format in which it keeps its weights.</summary>
    public DecoderWork(IDecoder decoder)
    {
        var config = decoder.Config;
        _weightBytes = decoder.WeightBytesPerStep;
        _cacheBytesPerToken = decoder.CacheBytesPerToken;
        _headWeights = (double)config.VocabularySize * config.HiddenSize;
        _blockWeights = DecoderTensors.Expected(config)
            .Where(tensor => tensor.Shape.Count == 2 && tensor.Name is not (DecoderTensors.Embedding or DecoderTensors.Head))
            .Sum(tensor => (double)tensor.Elements);
        // A query times a key, and a weight times a value: a multiply-add each for every element of the query.
        _attentionPerPosition = 4.0 * config.Layers * config.QueryWidth;
    }

    /// <summary>
    /// A step that computes a chain of <paramref name="rows"/> rows behind <paramref name="context"/> tokens of each sequence, logits of all.
    /// </summary>
    public PhaseWork Step(int rows, int context, int sequences = 1) => new(
        _weightBytes + sequences * context * _cacheBytesPerToken,
        sequences * (2 * rows * (_blockWeights + _headWeights) + Attention(rows, context)));

    /// <summary>Reading a prompt of <paramref name="rows"/> tokens into an empty cache, logits of the last.</summary>
    public PhaseWork Prompt(int rows) => new(_weightBytes, 2 * (rows * _blockWeights + _headWeights) + Attention(rows, 0));

    // Row i sees the context, the rows before it and itself.
    private double Attention(int rows, int context) => _attentionPerPosition * (rows * (double)context + rows * (rows + 1.0) / 2);
}
