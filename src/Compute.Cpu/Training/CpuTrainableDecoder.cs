using Atlas.Compute.Cpu.Threading;
using Atlas.Modeling;
using Atlas.Modeling.Training;

namespace Atlas.Compute.Cpu.Training;

/// <summary>
/// A decoder of the llama family that learns on the CPU, in f32, with hand-written backward. The bits of a training run depend on the seed,
/// the batches and the machine's vector width, not on the number of threads. Memory: four times the weights, and per position about
/// (7 hidden + 3 query + 2 intermediate) floats per layer; allocated once and reused. Called from one thread at a time.
/// </summary>
public sealed unsafe class CpuTrainableDecoder : ITrainableDecoder
{
    private const double InitialDeviation = 0.02;

    private readonly ParameterStore _parameters;
    private readonly AdamWOptimizer _optimizer;
    private readonly MuonOptimizer _muon;
    private readonly LayerTensors[] _weights;
    private readonly LayerTensors[] _gradients;
    private readonly Gemm _gemm;
    private readonly RmsNorm _norm;
    private readonly DecoderBlock _block;
    private readonly OutputHead _head;
    private readonly EmbeddingRows _embedding;
    private readonly DecoderActivations _memory;
    private readonly SequenceLayout _sequences = new();
    private readonly TargetPositions _targets = new();
    private float[] _pickedLogProbs = [];
    private float[] _logProbs = [];
    private float[] _derivative = [];
    private bool _disposed;

    /// <summary>A decoder with weights from <paramref name="initial"/>, or random ones.</summary>
    /// <param name="config">Its shape.</param>
    /// <param name="initial">
    /// Weights to begin from; null draws them: norms 1, biases 0, matrices normal with deviation 0.02, those that write to the residual
    /// stream divided by the root of twice the number of layers (GPT-2's scheme).
    /// </param>
    /// <param name="seed">Seed of random weights.</param>
    /// <param name="pool">Threads to compute on; not disposed with the decoder.</param>
    /// <exception cref="CheckpointException"><paramref name="initial"/> does not fit the shape.</exception>
    public CpuTrainableDecoder(ModelConfig config, IWeightSource? initial, ulong seed, WorkerPool pool)
        : this(config, initial, seed, pool, GemmKernel.Best, OutputHead.KeptLogits) { }

    internal CpuTrainableDecoder(
        ModelConfig config, IWeightSource? initial, ulong seed, WorkerPool pool, GemmKernel kernel, int keptLogits)
    {
        Config = config;
        _parameters = new ParameterStore(DecoderTensors.Expected(config));
        if (initial != null) _parameters.ReadWeights(initial);
        else Initialize(_parameters, config, seed);
        _optimizer = new AdamWOptimizer(pool, _parameters);
        _weights = new LayerTensors[config.Layers];
        _gradients = new LayerTensors[config.Layers];
        for (int i = 0; i < config.Layers; i++)
        {
            _weights[i] = new LayerTensors(_parameters, _parameters.Weights, i);
            _gradients[i] = new LayerTensors(_parameters, _parameters.Gradient, i);
        }
        var shape = new AttentionShape(config);
        _gemm = new Gemm(pool, kernel);
        _muon = new MuonOptimizer(_parameters, _gemm);
        _norm = new RmsNorm(pool);
        _block = new DecoderBlock(config, shape, pool, _gemm, _norm);
        _head = new OutputHead(pool, _gemm, config.VocabularySize, config.HiddenSize, keptLogits);
        _embedding = new EmbeddingRows(pool);
        _memory = new DecoderActivations(config, shape);
    }

    /// <inheritdoc/>
    public ModelConfig Config { get; }

    /// <inheritdoc/>
    public long UpdateCount => _optimizer.UpdateCount;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A sequence is longer than the context, a token is outside the vocabulary, or lengths disagree.</exception>
    public double Accumulate(TokenBatch batch, ITokenLoss loss)
    {
        Forward(batch);
        if (_derivative.Length < batch.Positions) _derivative = new float[batch.Positions];
        if (_logProbs.Length < batch.Positions) _logProbs = new float[batch.Positions];
        _targets.Spread(_pickedLogProbs, _logProbs.AsSpan(0, batch.Positions));
        double value = loss.Evaluate(batch, _logProbs.AsSpan(0, batch.Positions), _derivative.AsSpan(0, batch.Positions));
        if (_targets.Count > 0) Backward(batch);
        return value;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">As <see cref="Accumulate"/>; or the destination is not of the batch's length.</exception>
    public void LogProbs(TokenBatch batch, Span<float> destination)
    {
        if (destination.Length != batch.Positions)
            throw new ArgumentException($"{destination.Length} places for {batch.Positions} log-probabilities", nameof(destination));
        Forward(batch);
        _targets.Spread(_pickedLogProbs, destination);
    }

    /// <inheritdoc/>
    public UpdateReport Update(AdamWStep step)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var report = _optimizer.Update(step);
        if (report.Applied && step.MuonMomentum > 0) _muon.Update(step, _optimizer.Clip);
        return report;
    }

    /// <inheritdoc/>
    public void ExportWeights(IWeightSink sink)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _parameters.WriteWeights(sink);
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

    /// <summary>Frees its memory; further calls throw.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _parameters.Dispose();
        _gemm.Dispose();
        _muon.Dispose();
        _norm.Dispose();
        _block.Dispose();
        _head.Dispose();
        _memory.Dispose();
    }

    internal Span<float> WeightsOf(string name) => _parameters.WeightsOf(name);

    internal Span<float> GradientOf(string name) => _parameters.GradientOf(name);

    private static void Initialize(ParameterStore parameters, ModelConfig config, ulong seed)
    {
        foreach (var slice in parameters.Slices)
        {
            var values = parameters.WeightsOf(slice.Name);
            bool residual = slice.Name.EndsWith("o_proj.weight", StringComparison.Ordinal)
                || slice.Name.EndsWith("down_proj.weight", StringComparison.Ordinal);
            if (slice.Shape.Length > 1)
                NormalGenerator.Fill(values, seed, slice.Name, residual ? InitialDeviation / Math.Sqrt(2.0 * config.Layers) : InitialDeviation);
            else if (slice.Name.EndsWith(".bias", StringComparison.Ordinal)) values.Clear();
            else values.Fill(1f);
        }
    }

    private void Forward(TokenBatch batch)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        BatchCheck.Throw(batch, Config);
        _sequences.Set(batch);
        _targets.Set(batch.Targets);
        _memory.Reserve(batch.Positions);
        if (_pickedLogProbs.Length < _targets.Count) _pickedLogProbs = new float[_targets.Count];
        if (_targets.Count == 0) return;

        _embedding.Gather(Tensor(_parameters.Weights, DecoderTensors.Embedding), batch.Tokens, _memory.Layer(0).Input, Config.HiddenSize);
        for (int layer = 0; layer < Config.Layers; layer++) _block.Forward(_weights[layer], layer, _memory, _sequences);
        _targets.GatherRows(_memory.Result, _memory.Picked, Config.HiddenSize);
        _norm.Forward(FinalRows(), _memory.Final);
        _head.Forward(_memory.Final, HeadTensor(_parameters.Weights), _targets.Tokens, _pickedLogProbs);
    }

    private void Backward(TokenBatch batch)
    {
        int hidden = Config.HiddenSize;
        _targets.Collect(_derivative, _pickedLogProbs);
        var head = new OutputHeadGradient(HeadTensor(_parameters.Weights), HeadTensor(_parameters.Gradient));
        _head.Backward(_memory.Final, head, _targets.Tokens, _pickedLogProbs.AsSpan(0, _targets.Count), _memory.FinalGradient);
        Clear(_memory.PickedGradient, (nint)_targets.Count * hidden);
        _norm.Backward(FinalRows(), _memory.FinalGradient, _memory.PickedGradient, Tensor(_parameters.Gradient, DecoderTensors.FinalNorm));
        Clear(_memory.Gradient, (nint)batch.Positions * hidden);
        _targets.ScatterRows(_memory.PickedGradient, _memory.Gradient, hidden);
        for (int layer = Config.Layers - 1; layer >= 0; layer--)
            _block.Backward(_weights[layer], _gradients[layer], layer, _memory, _sequences);
        _embedding.ScatterAdd(Tensor(_parameters.Gradient, DecoderTensors.Embedding), batch.Tokens, _memory.Gradient, hidden);
    }

    private RmsNormRows FinalRows() => new(
        _memory.Picked, Tensor(_parameters.Weights, DecoderTensors.FinalNorm), _memory.PickedInverse, _targets.Count, Config.HiddenSize,
        Config.NormEpsilon);

    private float* HeadTensor(float* slab) => Tensor(slab, Config.TiedEmbeddings ? DecoderTensors.Embedding : DecoderTensors.Head);

    private float* Tensor(float* slab, string name) => slab + _parameters.OffsetOrNone(name);

    private static void Clear(float* values, nint count) => System.Runtime.InteropServices.NativeMemory.Clear(values, (nuint)count * sizeof(float));
}
