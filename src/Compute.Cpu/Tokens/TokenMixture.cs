using Atlas.Modeling.Training;

namespace Atlas.Compute.Cpu.Tokens;

/// <summary>
/// What follows a text: candidates from contexts and copies, each scored by the sum of the weights that speak for it, and the score of none of
/// them (PPM's escape). Log-linear over sparse features (maximum entropy language models, Rosenfeld 1996; hashed n-gram features, Mikolov et al.
/// 2011). Knows which weight spoke for which candidate, for the gradient. Preallocated.
/// </summary>
internal sealed class TokenMixture
{
    private const uint NoContext = 0x51ed270b;

    private readonly TokenHeadConfig _config;
    private readonly SuccessorTable _table;
    private readonly SharedWeights _shared;
    private readonly CopyMatches _copies = new();
    private readonly uint[] _hashes;
    private readonly int[] _tokens;
    private readonly float[] _scores;
    private readonly MixtureTerm[] _terms;

    public TokenMixture(TokenHeadConfig config, SuccessorTable table, SharedWeights shared)
    {
        _config = config;
        _table = table;
        _shared = shared;
        _hashes = new uint[config.Orders];
        int most = Most(config);
        _tokens = new int[most];
        _scores = new float[most];
        _terms = new MixtureTerm[2 * most];
    }

    /// <summary>Candidates.</summary>
    public int Count { get; private set; }

    /// <summary>Their tokens, all distinct.</summary>
    public ReadOnlySpan<int> Tokens => _tokens.AsSpan(0, Count);

    /// <summary>Their logits.</summary>
    public ReadOnlySpan<float> Scores => _scores.AsSpan(0, Count);

    /// <summary>Logit of all other tokens together.</summary>
    public float Escape { get; private set; }

    /// <summary>Index of the shared weight that <see cref="Escape"/> is.</summary>
    public int EscapeWeight { get; private set; }

    /// <summary>Weights that spoke, and for which candidate.</summary>
    public ReadOnlySpan<MixtureTerm> Terms => _terms.AsSpan(0, TermCount);

    /// <summary>Hashes of the text's last 1, 2, ... tokens.</summary>
    public ReadOnlySpan<uint> Hashes => _hashes;

    private int TermCount { get; set; }

    /// <summary>Most candidates of a text.</summary>
    public static int Most(TokenHeadConfig config) => config.Orders * SuccessorTable.Successors + 8;

    /// <summary>Finds and scores what may follow.</summary>
    /// <param name="text">Ids, oldest first, as wide as a state.</param>
    public void Run(ReadOnlySpan<float> text)
    {
        Count = 0;
        TermCount = 0;
        int known = 0;
        Hash(text);
        for (int order = _config.Orders - 1; order >= 0; order--)
        {
            int place = _table.Place(order, _hashes[order]);
            if (!_table.Holds(place, _hashes[order])) continue;
            known++;
            int filled = _table.Filled(place);
            for (int i = 0; i < filled; i++)
            {
                int candidate = Candidate(_table.Token(place, i));
                int shared = SharedWeights.Successor(order, filled);
                _scores[candidate] += _table.Weight(place, i) + _shared.Values[shared];
                _terms[TermCount++] = MixtureTerm.OfSuccessor(candidate, place, i);
                _terms[TermCount++] = MixtureTerm.OfShared(candidate, shared);
            }
        }
        _copies.Find(text);
        for (int i = 0; i < _copies.Count; i++)
        {
            int candidate = Candidate(_copies.Token(i));
            int shared = _shared.Copy(_copies.Length(i), _copies.Length(i) == _copies.Longest);
            _scores[candidate] += _shared.Values[shared];
            _terms[TermCount++] = MixtureTerm.OfShared(candidate, shared);
        }
        EscapeWeight = _shared.Escape(known, _copies.Longest);
        Escape = _shared.Values[EscapeWeight];
    }

    /// <summary>Candidate of a token; -1 where it is none.</summary>
    public int IndexOf(int token) => Array.IndexOf(_tokens, token, 0, Count);

    private int Candidate(int token)
    {
        int index = IndexOf(token);
        if (index >= 0) return index;
        (_tokens[Count], _scores[Count]) = (token, 0);
        return Count++;
    }

    private void Hash(ReadOnlySpan<float> text)
    {
        uint hash = NoContext;
        for (int order = 0; order < _hashes.Length; order++)
        {
            hash = Mix(hash * 31 + (uint)(int)text[^(order + 1)]);
            _hashes[order] = hash;
        }
    }

    // The finalizer of MurmurHash3.
    private static uint Mix(uint h)
    {
        h ^= h >> 16;
        h *= 0x85ebca6b;
        h ^= h >> 13;
        h *= 0xc2b2ae35;
        return h ^ (h >> 16);
    }
}
