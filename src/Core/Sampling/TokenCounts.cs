using System.Numerics;

namespace Atlas.Core.Sampling;

/// <summary>
/// How often each token is in a sequence's output, and whether it is in its prompt: what penalties read. An open-addressing table that
/// grows only while new distinct tokens come; after <see cref="Reserve"/> adding allocates nothing. Not thread-safe.
/// </summary>
public sealed class TokenCounts
{
    private int[] _tokens = [];
    private int[] _outputs = [];
    private int _distinct;

    /// <summary>Makes room for <paramref name="distinct"/> different tokens.</summary>
    public void Reserve(int distinct)
    {
        int size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, distinct * 2));
        if (size > _tokens.Length) Rehash(size);
    }

    /// <summary>Counts a token of the prompt.</summary>
    public void AddPrompt(int token) => Slot(token);

    /// <summary>Counts a token of the output.</summary>
    public void AddOutput(int token)
    {
        // First the slot: finding it may replace the arrays.
        int slot = Slot(token);
        _outputs[slot]++;
    }

    /// <summary>Number of distinct tokens counted.</summary>
    public int Distinct => _distinct;

    /// <summary>Places of the table, filled or not: visit them all with <see cref="TryGet"/>.</summary>
    public int Slots => _tokens.Length;

    /// <summary>The token counted in a place of the table and how often it is in the output (0: in the prompt only); false where none is.</summary>
    public bool TryGet(int slot, out int token, out int outputs)
    {
        token = _tokens[slot] - 1;
        outputs = _outputs[slot];
        return token >= 0;
    }

    private int Hash(int token) => (int)((uint)token * 0x9e3779b1u >> 7) & (_tokens.Length - 1);

    private int Slot(int token)
    {
        if ((_distinct + 1) * 2 > _tokens.Length) Rehash(Math.Max(16, _tokens.Length * 2));
        for (int i = Hash(token); ; i = (i + 1) & (_tokens.Length - 1))
        {
            if (_tokens[i] == token + 1) return i;
            if (_tokens[i] != 0) continue;
            _tokens[i] = token + 1;
            _distinct++;
            return i;
        }
    }

    private void Rehash(int size)
    {
        var (tokens, outputs) = (_tokens, _outputs);
        (_tokens, _outputs, _distinct) = (new int[size], new int[size], 0);
        for (int i = 0; i < tokens.Length; i++)
        {
            if (tokens[i] == 0) continue;
            _outputs[Slot(tokens[i] - 1)] = outputs[i];
        }
    }
}
