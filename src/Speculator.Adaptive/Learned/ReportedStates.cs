using System.Numerics.Tensors;
using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Modeling.Engine;

namespace Atlas.Speculator.Adaptive.Learned;

/// <summary>
/// The state that each sequence's last token was drawn from, kept as it was reported: for a target that runs elsewhere and leaves no forward here to
/// look into. A sequence whose last token came without a state, or with one that cannot be measured, has none. Used from the decoding thread; allocates
/// once for each sequence.
/// </summary>
/// <param name="states">What is reported of each step.</param>
public sealed class ReportedStates(IEmittedStates states) : IDraftStates, IVerificationObserver
{
    private readonly Dictionary<long, Entry> _entries = [];

    /// <inheritdoc/>
    public void OnVerified(DecodeSequence sequence, ReadOnlySpan<int> accepted, int emitted)
    {
        // Whatever was kept is of an earlier token, as the length tells.
        if (emitted == 0 || !states.Knows(sequence)) return;
        if (!_entries.TryGetValue(sequence.Id, out var entry)) _entries.Add(sequence.Id, entry = new Entry(states.Width));
        var state = entry.States.Writable(0);
        bool known = states.TryRead(sequence, accepted, emitted, emitted - 1, state) && IsState(state);
        entry.Length = known ? sequence.Length : 0;
    }

    /// <inheritdoc/>
    public bool TryGet(DecodeSequence sequence, out IHiddenStates states, out int row)
    {
        row = 0;
        bool known = _entries.TryGetValue(sequence.Id, out var entry) && entry.Length == sequence.Length;
        states = known ? entry!.States : null!;
        return known;
    }

    /// <summary>Lets go of a sequence.</summary>
    public void Release(DecodeSequence sequence) => _entries.Remove(sequence.Id);

    // A norm makes numbers of any other into what is none.
    private static bool IsState(ReadOnlySpan<float> state) => TensorPrimitives.SumOfSquares(state) is > 0f and < float.PositiveInfinity;

    private sealed class Entry(int width)
    {
        public HostHiddenStates States { get; } = new(1, width);

        // Of the sequence, last token included; 0 while there is no state.
        public int Length { get; set; }
    }
}
