namespace Atlas.Modeling.Tests.Tokenization;

/// <summary>The mulberry32 generator, which the golden scripts have in JavaScript.</summary>
internal sealed class Mulberry(int seed)
{
    private uint _state = (uint)seed;

    public int Below(int limit)
    {
        _state += 0x6d2b79f5;
        var t = (_state ^ (_state >> 15)) * (1 | _state);
        t = (t + ((t ^ (t >> 7)) * (61 | t))) ^ t;
        return (int)((t ^ (t >> 14)) % (uint)limit);
    }
}
