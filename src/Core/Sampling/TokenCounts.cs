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
    private bool[] _prompt = [];
    private int _distinct;

    /// <summary>Makes room for <paramref name="distinct"/> different tokens.</summary>
    public void Reserve(int distinct)
    {
        int size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, distinct * 2));
        if (size > _tokens.Length) Rehash(size);
    }

    /// <summary>Counts a token of the prompt.</summary>
    public void AddPrompt(int token) => _prompt[Slot(token)] = true;

    /// <summary>Counts a token of the output.</summary>
    public void AddOutput(int token) => _outputs[Slot(token)]++;

    /// <summary>Number of distinct tokens counted.</summary>
    public int Distinct => _distinct;

    /// <summary>Calls <paramref name="visit"/> with (state, token, times in the output) for each token in prompt or output.</summary>
    public void ForEach<TState>(ref TState state, Visitor<TState> visit) where TState : allows ref struct
    {
        for (int i = 0; i < _tokens.Length; i++)
            if (_tokens[i] != 0)
                visit(ref state, _tokens[i] - 1, _outputs[i]);
    }

    /// <summary>Receives one counted token.</summary>
    public delegate void Visitor<TState>(ref TState state, int token, int outputs) where TState : allows ref struct;

    /// <summary>Times <paramref name="token"/> is in the output; <paramref name="seen"/>: it is in prompt or output.</summary>
    public int Outputs(int token, out bool seen)
    {
        seen = false;
        if (_tokens.Length == 0) return 0;
        for (int i = Hash(token); ; i = (i + 1) & (_tokens.Length - 1))
        {
            if (_tokens[i] == 0) return 0;
            if (_tokens[i] != token + 1) continue;
            seen = true;
            return _outputs[i];
        }
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
        var (tokens, outputs, prompt) = (_tokens, _outputs, _prompt);
        (_tokens, _outputs, _prompt, _distinct) = (new int[size], new int[size], new bool[size], 0);
        for (int i = 0; i < tokens.Length; i++)
        {
            if (tokens[i] == 0) continue;
            int slot = Slot(tokens[i] - 1);
            _outputs[slot] = outputs[i];
            _prompt[slot] = prompt[i];
        }
    }
}
