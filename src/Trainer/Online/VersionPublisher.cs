using Atlas.Modeling.Training;
using Atlas.Speculator.Adaptive.Learned;

namespace Atlas.Trainer.Online;

/// <summary>
/// Puts versions into a namespace's slot: a head is made ready on the calling thread, swapped in atomically, and the one before is freed when
/// no draft is being made with it any more. Keeps a head of its own with the published weights, for shadow tests.
/// </summary>
internal sealed class VersionPublisher(TrainedTarget target, LearnedSlot slot) : IDisposable
{
    private readonly List<LearnedVersion> _retired = [];
    private LearnedVersion? _live;

    /// <summary>What is published; null before the first.</summary>
    public LearnedWeights? Published { get; private set; }

    /// <summary>A head with the published weights that nobody drafts with; null before the first.</summary>
    public ITrainableHead? Reference { get; private set; }

    /// <summary>Number of the next version.</summary>
    public long NextNumber => (Published?.Number ?? 0) + 1;

    /// <summary>Takes what the base slot already holds as published.</summary>
    public void Adopt(LearnedWeights weights)
    {
        Published = weights;
        if (Reference is null) Reference = target.NewHead(weights);
        else weights.ApplyTo(Reference);
    }

    /// <summary>Publishes weights under their number.</summary>
    public void Publish(LearnedWeights weights)
    {
        var version = new LearnedVersion(weights.Number, target.NewHead(weights));
        slot.Publish(version);
        if (_live is not null) _retired.Add(_live);
        _live = version;
        Adopt(weights);
        FreeRetired();
    }

    /// <summary>Frees the heads of old versions that nobody drafts with.</summary>
    public void FreeRetired()
    {
        for (int i = _retired.Count - 1; i >= 0; i--)
        {
            if (slot.Holds(_retired[i])) continue;
            _retired[i].Head.Dispose();
            _retired.RemoveAt(i);
        }
    }

    /// <summary>Takes the version away; waits for a step that drafts with it.</summary>
    public void Dispose()
    {
        slot.Publish(null);
        if (_live is not null) _retired.Add(_live);
        _live = null;
        SpinWait.SpinUntil(() =>
        {
            FreeRetired();
            return _retired.Count == 0;
        });
        Reference?.Dispose();
    }
}
