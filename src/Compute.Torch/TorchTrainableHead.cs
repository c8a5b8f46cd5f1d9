using Atlas.Modeling;
using Atlas.Modeling.Engine;
using Atlas.Modeling.Training;

namespace Atlas.Compute.Torch;

/// <summary>
/// A learned speculator's head after EAGLE (arXiv 2401.15077, section 3) on the target's device, of the same definition, tensors and moments
/// as the embedded engine's: a checkpoint of one goes on with the other. Drafting runs in <see cref="HeadConfig.DraftFormat"/>, learning in
/// f32 by autograd and AdamW. Called from one thread at a time.
/// </summary>
internal sealed class TorchTrainableHead : ITrainableHead
{
    private readonly HeadConfig _config;
    private readonly TorchDecoder _target;
    private readonly HeadParameters _parameters;
    private readonly HotTokens _hot;
    private readonly HeadDrafter _drafter;
    private readonly HeadLearner _learner;
    private readonly HeadOptimizer _optimizer;
    private Func<bool> _work = Nothing;
    private bool _disposed;

    /// <summary>A head over <paramref name="target"/>, with weights from <paramref name="initial"/> or random ones.</summary>
    /// <exception cref="CheckpointException"><paramref name="initial"/> does not fit the shape.</exception>
    public TorchTrainableHead(HeadConfig config, TorchDecoder target, IWeightSource? initial, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(config.IntermediateSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(config.HotVocabularySize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(config.MaxRows, 1);
        _config = config;
        _target = target;
        _parameters = new HeadParameters(config, target.Config.HiddenSize, target.Device);
        _hot = new HotTokens(target.Config.VocabularySize, config.HotVocabularySize);
        try
        {
            if (initial is not null) _parameters.Read(initial);
            else _parameters.Initialize(seed, target.Weights.FinalNorm.Scale());
            _drafter = new HeadDrafter(target, _hot, _parameters, config);
        }
        catch
        {
            _parameters.Dispose();
            throw;
        }
        _learner = new HeadLearner(target, _hot, _parameters);
        _optimizer = new HeadOptimizer(_parameters, target.Device);
    }

    /// <inheritdoc/>
    public int MaxRows => _config.MaxRows;

    /// <inheritdoc/>
    public bool NeedsHotVocabulary => true;

    /// <inheritdoc/>
    public ReadOnlySpan<int> HotVocabulary => _hot.Ids;

    /// <inheritdoc/>
    public double LastLoss => _learner.Loss;

    /// <inheritdoc/>
    public UpdateReport LastUpdate => _optimizer.Report;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">No token, more than the configuration allows, one twice, or one outside the vocabulary.</exception>
    public void SetHotVocabulary(ReadOnlySpan<int> tokens)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _hot.Set(tokens);
        _drafter.EndResult();
        _drafter.Prepare();
    }

    /// <inheritdoc/>
    public void BeginDraft()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _drafter.Begin();
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">There is no hot vocabulary yet, or a state is no longer valid.</exception>
    public IForwardResult Forward(ReadOnlySpan<HeadRow> rows)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _drafter.Forward(rows);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">There are no examples, or one is malformed.</exception>
    public void BeginAccumulate(ReadOnlySpan<HeadExample> examples)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (examples.Length == 0) throw new ArgumentException("there are no examples", nameof(examples));
        for (int i = 0; i < examples.Length; i++) examples[i].Check(i, _target.Config.HiddenSize);
        _learner.Begin(new HeadUnroll(examples));
        _work = _learner.Continue;
    }

    /// <inheritdoc/>
    public void BeginUpdate(AdamWStep step)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _work = _optimizer.Begin(step) ? _optimizer.Continue : Nothing;
        _drafter.Outdate();
    }

    /// <inheritdoc/>
    public bool Continue()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        bool more = _work();
        if (!more) _work = Nothing;
        return more;
    }

    /// <inheritdoc/>
    public void ExportWeights(IWeightSink sink)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        foreach (var parameter in _parameters.All) parameter.Write(sink);
    }

    /// <inheritdoc/>
    /// <exception cref="CheckpointException">A tensor is missing or has another shape; the weights are then unchanged.</exception>
    public void ImportWeights(IWeightSource source)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _parameters.Read(source);
        _drafter.Outdate();
        _drafter.Prepare();
    }

    /// <inheritdoc/>
    public void ExportOptimizer(IWeightSink sink)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        foreach (var parameter in _parameters.All) parameter.WriteMoments(sink);
    }

    /// <inheritdoc/>
    /// <exception cref="CheckpointException">A moment is missing or has another shape; the moments are then unchanged.</exception>
    public void ImportOptimizer(IWeightSource source, long updateCount)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(updateCount);
        _parameters.ReadMoments(source);
        _optimizer.UpdateCount = updateCount;
    }

    /// <summary>Frees its memory; states of its drafts become void.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _drafter.Dispose();
        _learner.Dispose();
        _parameters.Dispose();
    }

    private static bool Nothing() => false;
}
