using Atlas.Core.Decoding;
using Atlas.Modeling.Engine;
using Atlas.Target;

namespace Atlas.Host.Service.Generation;

/// <summary>
/// Caches of sequences that have ended, kept so that later ones of the same namespace begin with the prefix they share, a system prompt say.
/// Nothing crosses namespaces. Least recently used ones go first. Used from the decoding thread.
/// </summary>
/// <param name="target">Whose caches they are.</param>
/// <param name="leastShared">Tokens that must be shared for copying to be worth it.</param>
internal sealed class PrefixCache(TargetModel target, int leastShared) : IDisposable
{
    private readonly List<Entry> _entries = [];
    private long _uses;

    /// <summary>Caches kept.</summary>
    public int Count => _entries.Count;

    /// <summary>Tokens in them.</summary>
    public long Tokens => _entries.Sum(entry => (long)entry.Cache.Length);

    /// <summary>Keeps the cache of a sequence that has ended, before the target releases it.</summary>
    public void Keep(DecodeSequence sequence)
    {
        if (target.CachedTokens(sequence) < leastShared || target.Detach(sequence) is not { } cache) return;
        int[] tokens = sequence.Tokens[..cache.Length].ToArray();
        // What the new one begins with is no longer needed by itself.
        for (int i = _entries.Count - 1; i >= 0; i--)
            if (_entries[i].Namespace == sequence.Namespace && tokens.AsSpan().StartsWith(_entries[i].Tokens))
                Drop(i);
        _entries.Add(new Entry(sequence.Namespace, tokens, cache) { LastUse = ++_uses });
    }

    /// <summary>Begins a new sequence with the longest prefix that is kept for its namespace; returns its tokens, 0 where none is.</summary>
    public int Begin(DecodeSequence sequence)
    {
        Entry? best = null;
        int longest = leastShared - 1;
        foreach (var entry in _entries)
        {
            if (entry.Namespace != sequence.Namespace) continue;
            int shared = Math.Min(sequence.Tokens.CommonPrefixLength(entry.Tokens), sequence.Length - 1);
            if (shared <= longest) continue;
            (best, longest) = (entry, shared);
        }
        if (best is null) return 0;
        best.LastUse = ++_uses;
        target.BeginWith(sequence, best.Cache, longest);
        return longest;
    }

    /// <summary>Gives up the least recently used cache; returns whether there was one.</summary>
    public bool EvictOldest()
    {
        if (_entries.Count == 0) return false;
        int oldest = 0;
        for (int i = 1; i < _entries.Count; i++)
            if (_entries[i].LastUse < _entries[oldest].LastUse)
                oldest = i;
        Drop(oldest);
        return true;
    }

    /// <summary>Gives up all caches of a namespace; returns their tokens.</summary>
    public long Forget(string name)
    {
        long tokens = 0;
        for (int i = _entries.Count - 1; i >= 0; i--)
        {
            if (_entries[i].Namespace != name) continue;
            tokens += _entries[i].Tokens.Length;
            Drop(i);
        }
        return tokens;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (EvictOldest()) { }
    }

    private void Drop(int index)
    {
        _entries[index].Cache.Dispose();
        _entries.RemoveAt(index);
    }

    private sealed record Entry(string Namespace, int[] Tokens, IDecoderSequence Cache)
    {
        public long LastUse { get; set; }
    }
}
