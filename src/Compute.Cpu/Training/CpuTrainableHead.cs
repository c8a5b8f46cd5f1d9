using Atlas.Compute.Cpu.Decoding;
using Atlas.Modeling;
using Atlas.Modeling.Engine;
using Atlas.Modeling.Training;

namespace Atlas.Compute.Cpu.Training;

/// <summary>
/// A learned speculator's head after EAGLE (arXiv 2401.15077, section 3) on the embedded engine. The state and the token's embedding, each
/// RMS-normalized, are joined and go through one SwiGLU block; its result is added to the state and normalized to the next state, which
/// goes through the target's own output rows of the hot vocabulary. Embedding and output rows are the target's and stay frozen; they follow
/// when the target's weights are replaced. Learning unrolls the head on its own states and goes back through all steps. The bits depend on
/// the calls, not on the number of threads. Drafting reads copies of weights and output rows packed in
/// <see cref="HeadConfig.DraftFormat"/>; importing weights and choosing the hot vocabulary pack them on the calling thread. Gradient and
/// moments take memory only where something learns. Called from one thread at a time.
/// </summary>
public sealed unsafe class CpuTrainableHead : ITrainableHead
{
    private readonly CpuDecoder _target;
    private readonly ParameterStore _parameters;
    private readonly AdamWOptimizer _optimizer;
    private readonly HotVocabulary _hot;
    private readonly HeadDrafter _drafter;
    private HeadLearner? _learner;
    private HeadWork _work;
    private bool _disposed;

    /// <summary>A head over <paramref name="target"/>, with weights from <paramref name="initial"/> or random ones.</summary>
    /// <exception cref="CheckpointException"><paramref name="initial"/> does not fit the shape.</exception>
    internal CpuTrainableHead(HeadConfig config, CpuDecoder target, IWeightSource? initial, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(config.IntermediateSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(config.HotVocabularySize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(config.MaxRows, 1);
        Config = config;
        _target = target;
        _parameters = new ParameterStore(HeadTensors.Expected(config, target.Config.HiddenSize));
        if (initial != null) _parameters.ReadWeights(initial);
        else
            foreach (var slice in _parameters.Slices)
                HeadTensors.Initialize(slice.Name, _parameters.WeightsOf(slice.Name), seed, target.StateScale());
        _optimizer = new AdamWOptimizer(target.Pool, _parameters);
        _hot = new HotVocabulary(target, config.HotVocabularySize);
        _drafter = new HeadDrafter(target, _hot, _parameters, config);
    }

    /// <summary>Its shape.</summary>
    public HeadConfig Config { get; }

    /// <inheritdoc/>
    public int MaxRows => Config.MaxRows;

    /// <inheritdoc/>
    public bool NeedsHotVocabulary => true;

    /// <inheritdoc/>
    public ReadOnlySpan<int> HotVocabulary => _hot.Tokens;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">No token, more than the configuration allows, one twice, or one outside the vocabulary.</exception>
    public void SetHotVocabulary(ReadOnlySpan<int> tokens)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _hot.Set(tokens);
        _drafter.HotChanged();
        _drafter.Prepare();
    }

    /// <inheritdoc/>
    public void BeginDraft() => _drafter.Begin();

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">There is no hot vocabulary yet, or a state is no longer valid.</exception>
    public IForwardResult Forward(ReadOnlySpan<HeadRow> rows)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _drafter.Forward(rows);
    }

    /// <inheritdoc/>
    public double LastLoss => _learner?.Loss ?? 0;

    /// <inheritdoc/>
    public UpdateReport LastUpdate => _optimizer.Report;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">There are no examples, or one is malformed.</exception>
    public void BeginAccumulate(ReadOnlySpan<HeadExample> examples)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (examples.Length == 0) throw new ArgumentException("there are no examples", nameof(examples));
        for (int i = 0; i < examples.Length; i++) examples[i].Check(i, _target.Config.HiddenSize);
        _learner ??= new HeadLearner(_target, _hot, _parameters, Config.IntermediateSize, _target.Pool);
        _learner.Begin(new HeadUnroll(examples));
        _work = HeadWork.Gradient;
    }

    /// <inheritdoc/>
    public void BeginUpdate(AdamWStep step)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _work = _optimizer.Begin(step) ? HeadWork.Update : HeadWork.None;
        WeightsChanged();
    }

    /// <inheritdoc/>
    public bool Continue()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        bool more = _work switch
        {
            HeadWork.Gradient => _learner!.Continue(),
            HeadWork.Update => _optimizer.Continue(),
            _ => false,
        };
        if (!more) _work = HeadWork.None;
        return more;
    }

    /// <inheritdoc/>
    public void ExportWeights(IWeightSink sink)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _parameters.WriteWeights(sink);
    }

    /// <inheritdoc/>
    /// <exception cref="CheckpointException">A tensor is missing or has another shape.</exception>
    public void ImportWeights(IWeightSource source)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _parameters.ReadWeights(source);
        WeightsChanged();
        _drafter.Prepare();
    }

    /// <inheritdoc/>
    public void ExportOptimizer(IWeightSink sink)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _parameters.WriteMoments(sink);
    }

    /// <inheritdoc/>
    /// <exception cref="CheckpointException">A moment is missing or has another shape.</exception>
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
        _learner?.Dispose();
        _hot.Dispose();
        _parameters.Dispose();
    }

    internal Span<float> GradientOf(string name) => _parameters.GradientOf(name);

    private void WeightsChanged()
    {
        _drafter.Outdate();
        _learner?.Outdate();
    }
}
