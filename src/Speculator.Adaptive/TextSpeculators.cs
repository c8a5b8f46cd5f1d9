using Atlas.Modeling.Training;
using Atlas.Speculator.Adaptive.Learned;
using Atlas.Speculator.Adaptive.Suffix;

namespace Atlas.Speculator.Adaptive;

/// <summary>
/// The two speculators that need nothing but the text, composed: for a sidecar, which never sees the target's hidden states, and for traces whose
/// target is long gone. Who teaches the learned one publishes versions in <see cref="Slots"/>. Used from the decoding thread; disposing it frees the
/// learned speculator's states, not the versions.
/// </summary>
public sealed class TextSpeculators : IDisposable
{
    private readonly TextLearned _learned;

    /// <summary>Speculators that have seen nothing.</summary>
    /// <param name="heads">The learned speculator's heads, over tokens alone and the target's vocabulary.</param>
    /// <param name="suffix">How the suffix speculator stores and drafts; of the same vocabulary.</param>
    /// <param name="minPathConfidence">Where the learned speculator stops on a path, 0 to 1.</param>
    /// <param name="name">The learned speculator's name in stamps; another than the usual one where there is one on hidden states beside it.</param>
    /// <exception cref="ArgumentException">The vocabularies differ, or an option is out of range.</exception>
    public TextSpeculators(IHeadFactory heads, SuffixOptions suffix, float minPathConfidence, string name = LearnedSpeculator.SpeculatorName)
    {
        if (suffix.VocabularySize != heads.VocabularySize)
            throw new ArgumentException($"the suffix speculator's vocabulary has {suffix.VocabularySize} tokens; expected {heads.VocabularySize} as the heads'", nameof(suffix));
        Suffix = new SuffixSpeculator(suffix);
        _learned = new TextLearned(heads, new LearnedSpeculatorOptions { Name = name, MinPathConfidence = minPathConfidence });
    }

    /// <summary>Drafts what followed the same text before.</summary>
    public SuffixSpeculator Suffix { get; }

    /// <summary>Drafts with the versions in <see cref="Slots"/>; nothing for a namespace that has none.</summary>
    public LearnedSpeculator Learned => _learned.Speculator;

    /// <summary>Where versions of the learned speculator are published.</summary>
    public LearnedSlots Slots => _learned.Slots;

    /// <inheritdoc/>
    public void Dispose() => _learned.Dispose();
}
