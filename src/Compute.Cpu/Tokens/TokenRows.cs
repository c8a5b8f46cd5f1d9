using Atlas.Modeling.Training;

namespace Atlas.Compute.Cpu.Tokens;

/// <summary>The candidates of each row of a head's forward, ascending by id, with their logits and that of all others. Preallocated.</summary>
internal sealed class TokenRows
{
    private readonly int _most;
    private readonly int[] _tokens;
    private readonly float[] _scores;
    private readonly float[] _escapes;
    private readonly int[] _counts;

    public TokenRows(TokenHeadConfig config)
    {
        _most = TokenMixture.Most(config);
        _tokens = new int[config.MaxRows * _most];
        _scores = new float[config.MaxRows * _most];
        _escapes = new float[config.MaxRows];
        _counts = new int[config.MaxRows];
    }

    /// <summary>Changes with every forward.</summary>
    public long Version { get; private set; }

    /// <summary>Rows of the forward.</summary>
    public int Count { get; private set; }

    /// <summary>Begins a forward.</summary>
    public void Begin()
    {
        Version++;
        Count = 0;
    }

    /// <summary>Takes what a mixture says as the next row.</summary>
    public void Add(TokenMixture mixture)
    {
        int row = Count++;
        _counts[row] = mixture.Count;
        _escapes[row] = mixture.Escape;
        var tokens = _tokens.AsSpan(row * _most, mixture.Count);
        var scores = _scores.AsSpan(row * _most, mixture.Count);
        for (int i = 0; i < tokens.Length; i++)
        {
            int at = i;
            for (; at > 0 && tokens[at - 1] > mixture.Tokens[i]; at--) (tokens[at], scores[at]) = (tokens[at - 1], scores[at - 1]);
            (tokens[at], scores[at]) = (mixture.Tokens[i], mixture.Scores[i]);
        }
    }

    /// <summary>Candidates of a row, ascending.</summary>
    public ReadOnlySpan<int> Tokens(int row) => _tokens.AsSpan(Check(row) * _most, _counts[row]);

    /// <summary>Their logits.</summary>
    public ReadOnlySpan<float> Scores(int row) => _scores.AsSpan(Check(row) * _most, _counts[row]);

    /// <summary>Logit of all other tokens together.</summary>
    public float Escape(int row) => _escapes[Check(row)];

    private int Check(int row) =>
        (uint)row < (uint)Count ? row : throw new ArgumentException($"row {row} does not exist; the forward had {Count}", nameof(row));
}
