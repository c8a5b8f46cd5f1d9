using System.Numerics.Tensors;

namespace Atlas.Controller.Traffic;

/// <summary>
/// Requests whose prompts are alike. A prompt belongs to it where its mean similarity to the members is at least half of what they have among
/// themselves. Old members fade.
/// </summary>
internal sealed class RequestKind
{
    private const double Alike = 0.5;
    private const double ExpectedSimilarity = 0.25;
    private const double SimilarityRate = 0.05;
    private const float MostMembers = 64;

    private readonly float[] _sum = new float[PromptSketch.Length];
    private float _members;
    private double _similarity = ExpectedSimilarity;
    private int _joined;

    /// <summary>A kind with one member.</summary>
    public RequestKind(ReadOnlySpan<float> sketch) => Take(sketch);

    /// <summary>What was learned of its traffic; null while there are too few members to tell a kind from a chance.</summary>
    public TrafficState? Traffic { get; set; }

    /// <summary>Requests that have joined, the first one included.</summary>
    public int Joined => _joined;

    /// <summary>The request of the namespace that joined last, counted.</summary>
    public long LastUsed { get; set; }

    /// <summary>Mean similarity of a prompt to the members, -1 to 1.</summary>
    public double Similarity(ReadOnlySpan<float> sketch) => TensorPrimitives.Dot(sketch, _sum) / _members;

    /// <summary>Whether a prompt of that similarity is one of them.</summary>
    public bool Holds(double similarity) => similarity >= Alike * _similarity;

    /// <summary>Takes a prompt of that similarity in.</summary>
    public void Join(ReadOnlySpan<float> sketch, double similarity)
    {
        _similarity += Math.Max(1.0 / (_joined + 1), SimilarityRate) * (similarity - _similarity);
        Take(sketch);
    }

    private void Take(ReadOnlySpan<float> sketch)
    {
        _joined++;
        if (_members >= MostMembers)
        {
            float kept = (MostMembers - 1) / _members;
            TensorPrimitives.Multiply(_sum, kept, _sum);
            _members = MostMembers - 1;
        }
        TensorPrimitives.Add(_sum, sketch, _sum);
        _members++;
    }
}
