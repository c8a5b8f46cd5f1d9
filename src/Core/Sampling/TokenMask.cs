using System.Numerics;

namespace Atlas.Core.Sampling;

/// <summary>A set of token ids that may be sampled, one bit each. Ids past its end are not in it. Readable from several threads.</summary>
public sealed class TokenMask
{
    private readonly ulong[] _words;

    /// <summary>An empty set over a vocabulary.</summary>
    public TokenMask(int vocabularySize)
    {
        VocabularySize = vocabularySize;
        _words = new ulong[(vocabularySize + 63) / 64];
    }

    /// <summary>Ids the set ranges over: 0 to this less one.</summary>
    public int VocabularySize { get; }

    /// <summary>How many ids may be sampled.</summary>
    public int Count
    {
        get
        {
            int count = 0;
            foreach (ulong word in _words) count += BitOperations.PopCount(word);
            return count;
        }
    }

    /// <summary>Whether <paramref name="token"/> may be sampled.</summary>
    public bool Allows(int token) => (uint)token < (uint)VocabularySize && (_words[token >> 6] >> token & 1) != 0;

    /// <summary>Puts an id into the set.</summary>
    public void Allow(int token)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)token, (uint)VocabularySize, nameof(token));
        _words[token >> 6] |= 1UL << token;
    }

    /// <summary>Takes an id out of the set.</summary>
    public void Forbid(int token)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)token, (uint)VocabularySize, nameof(token));
        _words[token >> 6] &= ~(1UL << token);
    }

    /// <summary>The bits, id 0 lowest: what a device engine uploads.</summary>
    public ReadOnlySpan<ulong> Words => _words;
}
