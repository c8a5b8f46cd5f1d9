using Atlas.Modeling;

namespace Atlas.Compute.Cpu.Training;

/// <summary>Sizes of a decoder's attention. Rows of the joint buffer hold all query heads, then all key heads, then all value heads.</summary>
internal sealed class AttentionShape(ModelConfig config)
{
    /// <summary>Query heads.</summary>
    public int Heads { get; } = config.Heads;

    /// <summary>Key/value heads.</summary>
    public int KvHeads { get; } = config.KvHeads;

    /// <summary>Query heads that share a key/value head.</summary>
    public int Group { get; } = config.Heads / config.KvHeads;

    /// <summary>Width of a head.</summary>
    public int HeadDim { get; } = config.HeadDim;

    /// <summary>Width of all query heads.</summary>
    public int QueryWidth { get; } = config.QueryWidth;

    /// <summary>Length of a row of the joint buffer.</summary>
    public int JointWidth { get; } = config.QueryWidth + 2 * config.KvWidth;

    /// <summary>Query and key heads: those that are rotated, and normalized where the model does that.</summary>
    public int TurnedHeads { get; } = config.Heads + config.KvHeads;

    /// <summary>Width of query and key heads together, the beginning of a joint row.</summary>
    public int TurnedWidth { get; } = config.QueryWidth + config.KvWidth;

    /// <summary>Scores are multiplied by this.</summary>
    public float Scale { get; } = (float)(1 / Math.Sqrt(config.HeadDim));

    /// <summary>Added to mean squares of the norms over heads.</summary>
    public float Epsilon { get; } = config.NormEpsilon;

    /// <summary>Whether query and key heads are normalized before rotation.</summary>
    public bool QkNorm { get; } = config.QkNorm;

    /// <summary>Where query head <paramref name="head"/> begins in a joint row.</summary>
    public int Query(int head) => head * HeadDim;

    /// <summary>Where key head <paramref name="head"/> begins in a joint row.</summary>
    public int Key(int head) => QueryWidth + head * HeadDim;

    /// <summary>Where value head <paramref name="head"/> begins in a joint row.</summary>
    public int Value(int head) => TurnedWidth + head * HeadDim;
}
