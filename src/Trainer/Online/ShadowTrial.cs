using Atlas.Core.Sampling;
using Atlas.Modeling.Engine;
using Atlas.Modeling.Training;

namespace Atlas.Trainer.Online;

/// <summary>
/// Lets a head draft what the target has already emitted: chains over held-out windows, drawn with the noise that the emitted tokens were drawn
/// with, each followed until it errs. The score is the acceptance length that the windows would have had. Works in pieces of one forward.
/// </summary>
internal sealed class ShadowTrial(int chunk)
{
    private readonly List<ReplayWindow> _windows = [];
    private readonly HeadRow[] _rows = new HeadRow[chunk];
    private readonly SampleSpec[] _specs = new SampleSpec[chunk];
    private readonly SampledToken[] _drawn = new SampledToken[chunk];
    private readonly int[] _alive = new int[chunk];
    private readonly int[] _stateRows = new int[chunk];
    private ITrainableHead? _head;
    private IHiddenStates? _states;
    private int _next;
    private int _count;
    private int _step;
    private long _accepted;

    /// <summary>Mean acceptance length of the windows tried so far, the target's own token included; 1 where nothing was accepted.</summary>
    public double Score => _windows.Count == 0 ? 1 : 1 + (double)_accepted / _windows.Count;

    /// <summary>Begins a trial over the windows of a ring, which must not change before it has ended.</summary>
    public void Begin(ITrainableHead head, WindowRing windows)
    {
        _head = head;
        _windows.Clear();
        for (int i = 0; i < windows.Count; i++) _windows.Add(windows.Newest(i));
        _next = 0;
        _count = 0;
        _accepted = 0;
    }

    /// <summary>Does one forward; false when the trial has ended.</summary>
    public bool Continue()
    {
        if (_count == 0 && !BeginChunk()) return false;
        for (int i = 0; i < _count; i++)
        {
            var window = _windows[_alive[i]];
            _rows[i] = _step == 0
                ? new HeadRow(window.State, 0, window.Example.Tokens[0])
                : new HeadRow(_states!, _stateRows[i], window.Example.Tokens[_step]);
            _specs[i] = new SampleSpec(i, window.Sampling, window.Position + _step + 1);
        }
        var result = _head!.Forward(_rows.AsSpan(0, _count));
        result.Sample(new SampleBatch(_specs.AsSpan(0, _count), []), _drawn.AsSpan(0, _count));
        _states = result.Hidden;
        KeepRight();
        return _count > 0 || _next < _windows.Count;
    }

    private bool BeginChunk()
    {
        _step = 0;
        while (_count < chunk && _next < _windows.Count) _alive[_count++] = _next++;
        if (_count > 0) _head!.BeginDraft();
        return _count > 0;
    }

    // Windows whose token was drafted as it was emitted go on.
    private void KeepRight()
    {
        int kept = 0;
        for (int i = 0; i < _count; i++)
        {
            var window = _windows[_alive[i]];
            if (_drawn[i].Token != window.Next[_step]) continue;
            _accepted++;
            if (_step + 1 == window.Next.Length) continue;
            _alive[kept] = _alive[i];
            _stateRows[kept++] = i;
        }
        _count = kept;
        _step++;
    }
}
