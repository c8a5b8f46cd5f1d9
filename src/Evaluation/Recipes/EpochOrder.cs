using Atlas.Core.Sampling;

namespace Atlas.Evaluation.Recipes;

/// <summary>An endless order of <paramref name="count"/> things in which every epoch is another shuffle of all: a function of seed and index.</summary>
internal sealed class EpochOrder(int count, ulong seed)
{
    private readonly int[] _order = new int[count];
    private long _epoch = -1;

    /// <summary>Things per epoch.</summary>
    public int Count => _order.Length;

    /// <summary>Which thing is at <paramref name="index"/>.</summary>
    public int At(long index)
    {
        Shuffle(index / Count);
        return _order[index % Count];
    }

    private void Shuffle(long epoch)
    {
        if (epoch == _epoch) return;
        for (int i = 0; i < Count; i++) _order[i] = i;
        for (int i = Count - 1; i > 0; i--)
        {
            int other = (int)(CounterRandom.Uniform(seed, epoch * Count + i, 0) * (i + 1));
            (_order[i], _order[other]) = (_order[other], _order[i]);
        }
        _epoch = epoch;
    }
}
