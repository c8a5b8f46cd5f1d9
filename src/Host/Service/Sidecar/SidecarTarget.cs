using System.CommandLine;
using Atlas.Host.CommandLine;
using Atlas.Host.Models;
using Atlas.Modeling.Checkpoints;

namespace Atlas.Host.Service.Sidecar;

/// <summary>What the options say of the model that another server runs, and the checkpoints of it that are here.</summary>
internal sealed class SidecarTarget : IDisposable
{
    private SidecarTarget(ModelEnds? ends) => Ends = ends;

    /// <summary>Its ends, open; null where heads on its states have nothing to draft with.</summary>
    public ModelEnds? Ends { get; }

    /// <summary>Its token ids.</summary>
    public int VocabularySize { get; private init; }

    /// <summary>Numbers in its hidden states; 0 where none are sent.</summary>
    public int HiddenSize { get; private init; }

    /// <summary>Its name, which checkpoints are bound to.</summary>
    public string Fingerprint { get; private init; } = "";

    /// <summary>Reads the options; what is not said follows from the checkpoint of its ends, or else from the target that is named or shipped.</summary>
    /// <exception cref="UsageException">Options and checkpoint contradict each other.</exception>
    /// <exception cref="Modeling.CheckpointException">A checkpoint is wrong.</exception>
    public static SidecarTarget Open(ParseResult parsed, ModelOptions models, ServeOptionSet serve)
    {
        int vocabulary = serve.Vocabulary(parsed), hidden = serve.HiddenSize(parsed);
        string fingerprint = serve.Fingerprint(parsed);
        if (serve.TargetWeights(parsed) is { } directory) return Open(ModelEnds.Open(directory), vocabulary, hidden, fingerprint);
        if (vocabulary == 0)
        {
            using var pair = ModelPair.Open(models.Choice(parsed) with { Draft = null });
            vocabulary = pair.Config.VocabularySize;
            if (fingerprint.Length == 0) fingerprint = pair.Fingerprint;
        }
        return new SidecarTarget(null) { VocabularySize = vocabulary, HiddenSize = hidden, Fingerprint = fingerprint };
    }

    /// <inheritdoc/>
    public void Dispose() => Ends?.Dispose();

    private static SidecarTarget Open(ModelEnds ends, int vocabulary, int hidden, string fingerprint)
    {
        try
        {
            Check("--vocabulary", vocabulary, "vocab_size", ends.Config.VocabularySize, ends);
            Check("--hidden-size", hidden, "hidden_size", ends.Config.HiddenSize, ends);
            return new SidecarTarget(ends)
            {
                VocabularySize = ends.Config.VocabularySize,
                HiddenSize = ends.Config.HiddenSize,
                Fingerprint = fingerprint.Length > 0 ? fingerprint : ends.Fingerprint,
            };
        }
        catch
        {
            ends.Dispose();
            throw;
        }
    }

    private static void Check(string option, int asked, string key, int here, ModelEnds ends)
    {
        if (asked != 0 && asked != here)
            throw new UsageException($"{option} is {asked}; expected {here}, {key} in {Path.Combine(ends.Directory, CheckpointFiles.Config)}");
    }
}
