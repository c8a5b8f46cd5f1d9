using Atlas.Host.CommandLine;
using Atlas.Modeling;
using Atlas.Modeling.Checkpoints;
using Atlas.Modeling.Engine;

namespace Atlas.Host.Models;

/// <summary>A draft model by itself, loaded for a target that runs elsewhere.</summary>
internal sealed class DraftModel : IDisposable
{
    private readonly Checkpoint _files;

    private DraftModel(Checkpoint files, IDecoder decoder)
    {
        _files = files;
        Decoder = decoder;
    }

    /// <summary>The model.</summary>
    public IDecoder Decoder { get; }

    /// <summary>Loads it.</summary>
    /// <param name="engine">Where it runs.</param>
    /// <param name="directory">Its checkpoint.</param>
    /// <param name="vocabularySize">Token ids of the target, which it must share.</param>
    /// <param name="optionsOf">How weights and caches are kept, for its shape.</param>
    /// <exception cref="UsageException">It has another vocabulary.</exception>
    public static DraftModel Load(IComputeEngine engine, string directory, int vocabularySize, Func<ModelConfig, DecoderOptions> optionsOf)
    {
        var files = Checkpoint.Open(directory);
        try
        {
            if (files.Config.VocabularySize != vocabularySize)
                throw new UsageException(
                    $"{directory}/config.json: vocab_size is {files.Config.VocabularySize}; expected {vocabularySize}, the token ids of the server's target");
            return new DraftModel(files, engine.LoadDecoder(files.Config, files, optionsOf(files.Config)));
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Decoder.Dispose();
        _files.Dispose();
    }
}
