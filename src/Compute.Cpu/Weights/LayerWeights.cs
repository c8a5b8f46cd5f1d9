using Atlas.Compute.Cpu.Memory;

namespace Atlas.Compute.Cpu.Weights;

/// <summary>The weights of one transformer block.</summary>
internal sealed class LayerWeights : IDisposable
{
    /// <summary>RMSNorm before attention.</summary>
    public required AlignedBuffer<float> AttentionNorm { get; init; }

    /// <summary>Query, key and value projections, one behind the other, each from a panel of its own on.</summary>
    public required LinearLayer Qkv { get; init; }

    /// <summary>RMSNorm of each query head; null without.</summary>
    public required AlignedBuffer<float>? QueryNorm { get; init; }

    /// <summary>RMSNorm of each key head; null without.</summary>
    public required AlignedBuffer<float>? KeyNorm { get; init; }

    /// <summary>Attention output projection.</summary>
    public required LinearLayer Output { get; init; }

    /// <summary>RMSNorm before the feed-forward layer.</summary>
    public required AlignedBuffer<float> FeedForwardNorm { get; init; }

    /// <summary>Gate and up projections in alternating panels.</summary>
    public required LinearLayer GateUp { get; init; }

    /// <summary>Down projection.</summary>
    public required LinearLayer Down { get; init; }

    /// <summary>Bytes of matrices.</summary>
    public long MatrixBytes => Qkv.Matrix.Bytes + Output.Matrix.Bytes + GateUp.Matrix.Bytes + Down.Matrix.Bytes;

    /// <inheritdoc/>
    public void Dispose()
    {
        AttentionNorm.Dispose();
        Qkv.Dispose();
        QueryNorm?.Dispose();
        KeyNorm?.Dispose();
        Output.Dispose();
        FeedForwardNorm.Dispose();
        GateUp.Dispose();
        Down.Dispose();
    }
}
