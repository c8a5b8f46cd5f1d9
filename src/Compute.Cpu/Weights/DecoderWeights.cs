using Atlas.Compute.Cpu.Memory;
using Atlas.Modeling;

namespace Atlas.Compute.Cpu.Weights;

/// <summary>All weights of a decoder, repacked. Immutable once loaded.</summary>
internal sealed class DecoderWeights : IDisposable
{
    /// <summary>Shape that the weights have.</summary>
    public required ModelConfig Config { get; init; }

    /// <summary>Token embedding; the matrix of <see cref="Head"/> when tied.</summary>
    public required PackedMatrix Embedding { get; init; }

    /// <summary>The blocks in order.</summary>
    public required LayerWeights[] Layers { get; init; }

    /// <summary>RMSNorm before the output head.</summary>
    public required AlignedBuffer<float> FinalNorm { get; init; }

    /// <summary>Output head.</summary>
    public required LinearLayer Head { get; init; }

    /// <summary>Bytes of weights that a one-row forward reads: all matrices, one row of the embedding, norms.</summary>
    public long BytesPerStep =>
        Layers.Sum(layer => layer.MatrixBytes + 2L * Config.HiddenSize * sizeof(float)) + Head.Matrix.Bytes
        + Embedding.PanelBytes / 16 + Config.HiddenSize * (long)sizeof(float);

    /// <inheritdoc/>
    public void Dispose()
    {
        Embedding.Dispose();
        foreach (var layer in Layers) layer.Dispose();
        FinalNorm.Dispose();
        Head.Dispose();
    }
}
