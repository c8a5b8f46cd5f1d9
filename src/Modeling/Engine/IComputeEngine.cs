using Atlas.Modeling.Training;

namespace Atlas.Modeling.Engine;

/// <summary>
/// Where models run. Only the composition root knows which engine there is; all else sees this seam. It is high enough for a GPU: what a
/// forward computes stays on the device, and only tokens, log-probabilities and explicit copies come back.
/// </summary>
public interface IComputeEngine : IDisposable
{
    /// <summary>Timed passes of <see cref="MeasureProducts"/>.</summary>
    const int ProductPasses = 5;

    /// <summary>What runs here.</summary>
    EngineInfo Info { get; }

    /// <summary>Bytes that the device has free now; null where nobody says.</summary>
    long? ReadFreeMemory();

    /// <summary>Measures what the device can do; takes about a second.</summary>
    DeviceLimits MeasureLimits();

    /// <summary>
    /// Times the three products by which a linear layer trains: medians of <see cref="ProductPasses"/> passes that alternate, after one that
    /// warms up.
    /// </summary>
    /// <param name="rows">Rows of the layer's input, 1 or more.</param>
    /// <param name="inputs">Width of a row, 1 or more.</param>
    /// <param name="outputs">Width of the layer's output, 1 or more.</param>
    ProductRates MeasureProducts(int rows, int inputs, int outputs);

    /// <summary>Loads a decoder for inference.</summary>
    /// <param name="config">Its shape.</param>
    /// <param name="weights">Its tensors by their Hugging Face names; read now, not kept.</param>
    /// <param name="options">Format and sizes.</param>
    /// <exception cref="CheckpointException">The weights do not fit the shape.</exception>
    /// <exception cref="NotSupportedException">The engine has no kernels for the format or the shape; the message says which.</exception>
    IDecoder LoadDecoder(ModelConfig config, IWeightSource weights, DecoderOptions options);

    /// <summary>
    /// Creates a decoder to train, in f32. <paramref name="initial"/> null initializes at random from <paramref name="seed"/>.
    /// </summary>
    ITrainableDecoder CreateTrainableDecoder(ModelConfig config, IWeightSource? initial, ulong seed);

    /// <summary>
    /// Creates a learned speculator's head over a target of this engine; <paramref name="initial"/> null initializes at random from
    /// <paramref name="seed"/>.
    /// </summary>
    ITrainableHead CreateTrainableHead(HeadConfig config, IDecoder target, IWeightSource? initial, ulong seed);
}
