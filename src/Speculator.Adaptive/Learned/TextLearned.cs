using Atlas.Modeling.Training;

namespace Atlas.Speculator.Adaptive.Learned;

/// <summary>
/// The learned speculator over the text alone with what it needs: states to read and slots in which whoever teaches it publishes versions. Used from
/// the decoding thread; disposing it frees the states, not the versions.
/// </summary>
public sealed class TextLearned : IDisposable
{
    private readonly TextStates _states;

    /// <summary>A speculator without a version.</summary>
    /// <param name="heads">Its heads, over tokens alone and the target's vocabulary.</param>
    /// <param name="options">How it drafts.</param>
    /// <exception cref="ArgumentException">The options are out of range.</exception>
    public TextLearned(IHeadFactory heads, LearnedSpeculatorOptions options)
    {
        _states = new TextStates(heads);
        Speculator = new LearnedSpeculator(_states, heads.VocabularySize, Slots, options);
    }

    /// <summary>Drafts with the versions in <see cref="Slots"/>; nothing for a namespace that has none.</summary>
    public LearnedSpeculator Speculator { get; }

    /// <summary>Where versions are published.</summary>
    public LearnedSlots Slots { get; } = new();

    /// <inheritdoc/>
    public void Dispose() => _states.Dispose();
}
