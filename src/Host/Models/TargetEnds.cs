using Atlas.Host.Speculation;
using Atlas.Modeling;
using Atlas.Modeling.Checkpoints;
using Atlas.Modeling.Engine;
using Atlas.Modeling.Training;
using Atlas.Trainer.Online;

namespace Atlas.Host.Models;

/// <summary>
/// The ends of a target that runs in another server, loaded as a decoder of no layers: with its embedding and output rows, heads on its hidden states
/// draft and learn here as they do beside a target of one's own.
/// </summary>
internal sealed class TargetEnds : IDisposable
{
    private readonly IDecoder _decoder;

    private TargetEnds(IDecoder decoder, StateHeads heads) => (_decoder, Heads) = (decoder, heads);

    /// <summary>Heads over its states.</summary>
    public StateHeads Heads { get; }

    /// <summary>Loads them.</summary>
    /// <param name="engine">Where heads run.</param>
    /// <param name="ends">The checkpoint; it may be closed afterwards.</param>
    /// <param name="format">How embedding and output rows are kept.</param>
    /// <exception cref="CheckpointException">The head beside them is damaged, or belongs to another target.</exception>
    public static TargetEnds Load(IComputeEngine engine, ModelEnds ends, WeightFormat format)
    {
        var shipped = Shipped(ends.Directory);
        var decoder = engine.LoadDecoder(ends.Config, ends, new DecoderOptions { Format = format, MaxRows = 1, MaxPending = 1 });
        return new(decoder, new StateHeads(new TargetHeads(engine, decoder, HeadShape.Of(ends.Config, engine)), shipped, ends.Fingerprint));
    }

    /// <inheritdoc/>
    public void Dispose() => _decoder.Dispose();

    // A head is bound to the whole checkpoint, of whose blocks some pages are then read.
    private static LearnedWeights? Shipped(string directory)
    {
        if (!File.Exists(Path.Combine(directory, HeadFile.FileName))) return null;
        using var whole = ModelPair.Open(new ModelChoice(directory, null, WeightFormat.BF16));
        return LearnedBases.ShippedWith(whole).States;
    }
}
