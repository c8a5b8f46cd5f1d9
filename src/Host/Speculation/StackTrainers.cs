using Atlas.Controller;
using Atlas.Core.Decoding;
using Atlas.Speculator.Adaptive.Learned;
using Atlas.Trainer.Online;

namespace Atlas.Host.Speculation;

/// <summary>
/// What learns in a stack, together: a trainer of heads on the target's hidden states and one of heads on the text alone, either of which may be
/// missing. Each has its share of the time; they are given their turns one after the other. Used as <see cref="OnlineTrainer"/> is.
/// </summary>
/// <param name="states">Teaches heads on hidden states; null for none.</param>
/// <param name="text">Teaches heads on text; null for none.</param>
/// <param name="onText">The speculator that is taught on text; freed with the trainers.</param>
internal sealed class StackTrainers(OnlineTrainer? states, OnlineTrainer? text, TextLearned? onText = null) : IDisposable
{
    // A turn with cold caches takes some microseconds before it has done anything; the least share is not worth one in every step.
    private const int RestingSteps = 7;

    private readonly OnlineTrainer[] _all = [.. new[] { states, text }.OfType<OnlineTrainer>()];
    private int _resting;

    /// <summary>Teaches heads on the target's hidden states; null where none are taught.</summary>
    public OnlineTrainer? States { get; } = states;

    /// <summary>Teaches heads on the text alone; null where none are taught.</summary>
    public OnlineTrainer? Text { get; } = text;

    /// <summary>Whether there are any.</summary>
    public bool Any => _all.Length > 0;

    /// <summary>Hear what each step verified.</summary>
    public IEnumerable<IVerificationObserver> Observers => _all.Select(trainer => trainer.Observer);

    /// <summary>What they have done so far, each for itself.</summary>
    public IEnumerable<TrainerStatistics> Statistics => _all.Select(trainer => trainer.Statistics);

    /// <summary>Versions published by all.</summary>
    public long Published => Statistics.Sum(s => s.Published);

    /// <summary>Versions rolled back by all.</summary>
    public long RolledBack => Statistics.Sum(s => s.RolledBack);

    /// <summary>Steps dropped by all because they did not keep up, or had no place for their namespace.</summary>
    public long Dropped => Statistics.Sum(s => s.Dropped);

    /// <summary>Of these, steps whose namespace had no place.</summary>
    public long Unplaced => Statistics.Sum(s => s.Unplaced);

    /// <summary>Namespaces given up for memory by all.</summary>
    public long Evicted => Statistics.Sum(s => s.Evicted);

    /// <summary>Failures of all in the background, such as a checkpoint that could not be written.</summary>
    public long Faults => Statistics.Sum(s => s.Faults);

    /// <summary>Lets their background threads run.</summary>
    public void Start()
    {
        foreach (var trainer in _all) trainer.Start();
    }

    /// <summary>Gives each its turn; between two steps, on the decoding thread.</summary>
    /// <param name="planner">Knows whether what they teach pays; null where nobody counts what learning costs: each has its whole share.</param>
    public void Turn(AdaptivePlanner? planner)
    {
        if (_resting-- > 0)
        {
            foreach (var trainer in _all) trainer.PassStep();
            return;
        }
        bool least = true;
        foreach (var trainer in _all)
        {
            var pace = Pace(planner, trainer.SpeculatorName);
            trainer.Turn(pace);
            least &= pace == LearningPace.Least;
        }
        _resting = least ? RestingSteps : 0;
    }

    /// <summary>Lets their background threads rest; what they are at is done when this returns.</summary>
    public void Pause()
    {
        foreach (var trainer in _all) trainer.Pause();
    }

    /// <summary>Lets their background threads rest, and takes in what waits.</summary>
    public void Rest()
    {
        foreach (var trainer in _all)
        {
            trainer.Pause();
            trainer.Pump();
        }
    }

    /// <summary>Saves what was published since the last checkpoints.</summary>
    public void Save()
    {
        foreach (var trainer in _all) trainer.Save();
    }

    /// <summary>Deletes what was learned of a namespace; they rest meanwhile.</summary>
    public void Forget(string name)
    {
        foreach (var trainer in _all) trainer.Forget(name);
    }

    /// <summary>Says that the target has other weights; on the decoding thread, between two steps. What was learned from text stays true.</summary>
    /// <param name="fingerprint">Identifies the new weights.</param>
    public void TargetReplaced(string fingerprint) => States?.TargetReplaced(fingerprint);

    private static LearningPace Pace(AdaptivePlanner? planner, string taught) => planner?.Outlook switch
    {
        null => LearningPace.Full,
        { Speculates: false } => LearningPace.Least,
        _ when !planner.Contributes(taught) => LearningPace.Least,
        { AffordsLearning: false } => LearningPace.WhilePromising,
        _ => LearningPace.Full,
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var trainer in _all) trainer.Dispose();
        onText?.Dispose();
    }
}
