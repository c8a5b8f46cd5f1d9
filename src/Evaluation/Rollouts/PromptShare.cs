using Atlas.Core.Decoding;
using Atlas.Modeling.Engine;
using Atlas.Target;

namespace Atlas.Evaluation.Rollouts;

/// <summary>
/// Reads every prompt once: the first sample of a group reads it, the others begin with a copy of its rows. Where the last sample that is
/// decoded ends before all others have begun, its rows are kept for them. Used from the decoding thread.
/// </summary>
/// <param name="target">Holds the rows.</param>
internal sealed class PromptShare(TargetModel target)
{
    private readonly Dictionary<int, List<DecodeSequence>> _live = [];
    private readonly Dictionary<int, IDecoderSequence> _kept = [];
    private readonly Dictionary<int, int> _waiting = [];

    /// <summary>Announces a sample that will join.</summary>
    public void Expect(int group) => _waiting[group] = _waiting.GetValueOrDefault(group) + 1;

    /// <summary>Whether a sample may join now: nobody has read the prompt yet, or its rows are there.</summary>
    public bool MayJoin(int group) =>
        _kept.ContainsKey(group) || Members(group).Count == 0 || Members(group).Exists(HasReadPrompt);

    /// <summary>Lets a sample join; it has not been decoded yet.</summary>
    public void Join(DecodeSequence sequence, int group)
    {
        _waiting[group]--;
        int shared = sequence.PromptLength - 1;
        if (shared > 0 && Members(group).Find(HasReadPrompt) is { } source) target.BeginWith(sequence, source, shared);
        else if (shared > 0 && _kept.TryGetValue(group, out var rows)) target.BeginWith(sequence, rows, shared);
        Members(group).Add(sequence);
        if (_waiting[group] == 0) Drop(group);
    }

    /// <summary>A sample has ended; called before it is released.</summary>
    public void Leave(DecodeSequence sequence, int group)
    {
        var members = Members(group);
        members.Remove(sequence);
        if (_waiting[group] == 0 || members.Exists(HasReadPrompt) || _kept.ContainsKey(group)) return;
        if (target.Detach(sequence) is { } rows) _kept.Add(group, rows);
    }

    /// <summary>Whether a sample's prompt is read but for its last token, so that its next step is one of decoding.</summary>
    public bool HasReadPrompt(DecodeSequence sequence) => target.CachedTokens(sequence) >= sequence.PromptLength - 1;

    private List<DecodeSequence> Members(int group)
    {
        if (!_live.TryGetValue(group, out var members)) _live.Add(group, members = []);
        return members;
    }

    private void Drop(int group)
    {
        if (_kept.Remove(group, out var rows)) rows.Dispose();
    }
}
