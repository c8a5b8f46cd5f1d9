using Atlas.Core.Decoding;

namespace Atlas.Engine;

/// <summary>
/// Decodes many sequences, a bounded number of them at once: they join the batch in the order they were added and leave it when they end.
/// Used from one thread.
/// </summary>
/// <param name="decoder">Advances the batch.</param>
/// <param name="maxBatch">Most sequences in one step.</param>
public sealed class BatchDecoder(SpeculativeDecoder decoder, int maxBatch)
{
    private readonly Queue<DecodeSequence> _waiting = new();
    private readonly DecodeSequence[] _active = new DecodeSequence[maxBatch];
    private int _count;

    /// <summary>Sequences in the batch or waiting for a place in it.</summary>
    public int Unfinished => _count + _waiting.Count;

    /// <summary>Queues a sequence.</summary>
    /// <exception cref="ArgumentException">Prompt and token limit together exceed the target's context.</exception>
    public void Add(DecodeSequence sequence)
    {
        decoder.CheckFits(sequence);
        _waiting.Enqueue(sequence);
    }

    /// <summary>One step of all sequences in the batch; ended ones have left it afterwards. Returns whether any are left.</summary>
    public bool Step()
    {
        RemoveEnded();
        while (_count < maxBatch && _waiting.TryDequeue(out var next))
            if (next.Finish is null)
                _active[_count++] = next;
        if (_count > 0) decoder.Step(_active.AsSpan(0, _count));
        RemoveEnded();
        return Unfinished > 0;
    }

    /// <summary>Steps until every sequence has ended.</summary>
    public void Run()
    {
        while (Step()) { }
    }

    private void RemoveEnded()
    {
        int kept = 0;
        for (int i = 0; i < _count; i++)
        {
            var sequence = _active[i];
            if (sequence.Finish is null) _active[kept++] = sequence;
            else decoder.Release(sequence);
        }
        Array.Clear(_active, kept, _count - kept);
        _count = kept;
    }
}
