using Atlas.Compute.Cpu.Decoding;
using Atlas.Compute.Cpu.Memory;

namespace Atlas.Compute.Cpu.Training;

/// <summary>
/// Memory for the states of a draft's forwards, used anew by every draft, and the handles to it. A handle that is kept beyond its draft is
/// refused; only after some drafts more would it be valid again, for the newest. Allocates only for the longest draft.
/// </summary>
internal sealed class DraftStatesPool(HeadDrafter owner, int maxRows, int width) : IDisposable
{
    private const int Rounds = 4;

    private readonly List<AlignedBuffer<float>> _blocks = [];
    private readonly List<DraftStates>[] _handles = [[], [], [], []];

    /// <summary>States of the draft's forward number <paramref name="forward"/>.</summary>
    public DraftStates Take(int forward, int count)
    {
        var handles = _handles[owner.Draft % Rounds];
        if (forward == _blocks.Count) _blocks.Add(new AlignedBuffer<float>((long)maxRows * RowBlock.Padded(width)));
        while (handles.Count <= forward) handles.Add(new DraftStates(owner, _blocks[handles.Count], width));
        handles[forward].Renew(count);
        return handles[forward];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var block in _blocks) block.Dispose();
    }
}
