using Atlas.Core.Decoding;

namespace Atlas.Host.Service;

/// <summary>
/// Keeps a speculator that fails from failing requests: the step is decoded without its draft, and it is asked again after a pause that doubles
/// from failure to failure, up to 1,024 steps. Used from one thread at a time.
/// </summary>
/// <param name="inner">Who drafts.</param>
/// <param name="faults">Hears of every failure.</param>
internal sealed class ShieldedSpeculator(ISpeculator inner, Action<Exception> faults) : ISpeculator
{
    private const int LongestPause = 1024;

    private int _pause = 1;
    private int _resting;

    /// <inheritdoc/>
    public string Name => inner.Name;

    /// <inheritdoc/>
    public void Propose(ReadOnlySpan<DecodeSequence> batch)
    {
        if (_resting > 0)
        {
            _resting--;
            return;
        }
        try
        {
            inner.Propose(batch);
            // One success is not yet health.
            _pause = Math.Max(1, _pause / 2);
        }
#pragma warning disable CA1031 // Whatever it is that fails, plain decoding goes on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            foreach (var sequence in batch) sequence.Draft.Clear();
            _resting = _pause;
            _pause = Math.Min(2 * _pause, LongestPause);
            faults(e);
        }
    }

    /// <inheritdoc/>
    public void Release(DecodeSequence sequence)
    {
        try
        {
            inner.Release(sequence);
        }
#pragma warning disable CA1031 // As above.
        catch (Exception e)
#pragma warning restore CA1031
        {
            faults(e);
        }
    }
}
