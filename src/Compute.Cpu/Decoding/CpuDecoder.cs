using Atlas.Compute.Cpu.Cache;
using Atlas.Compute.Cpu.Kernels;
using Atlas.Compute.Cpu.Results;
using Atlas.Compute.Cpu.Threading;
using Atlas.Compute.Cpu.Weights;
using Atlas.Modeling;
using Atlas.Modeling.Engine;

namespace Atlas.Compute.Cpu.Decoding;

/// <summary>A decoder on the processor. Batch-invariant: a row's bits do not depend on what is computed beside it.</summary>
internal sealed class CpuDecoder : IDecoder
{
    private readonly SequenceSlots _slots;
    private readonly ForwardPass _pass;
    private readonly OutputRows _outputs;
    private readonly ResultRing _results;
    private DecoderWeights _weights;
    private bool _disposed;

    /// <summary>Takes over <paramref name="weights"/>.</summary>
    /// <param name="options">Sizes, with the context length filled in.</param>
    /// <param name="weights">Loaded weights.</param>
    /// <param name="kernels">Instruction set.</param>
    /// <param name="pool">Threads; not disposed.</param>
    public CpuDecoder(DecoderOptions options, DecoderWeights weights, CpuKernels kernels, WorkerPool pool)
    {
        Options = options;
        Pool = pool;
        Kernels = kernels;
        _weights = weights;
        _slots = new SequenceSlots(Config, options);
        _pass = new ForwardPass(Config, options, kernels, pool, _slots);
        _outputs = new OutputRows(options.MaxRows, Config.HiddenSize, Config.VocabularySize);
        _results = new ResultRing(_outputs, new SampleJob(pool, Config.VocabularySize));
    }

    /// <inheritdoc/>
    public ModelConfig Config => _weights.Config;

    /// <inheritdoc/>
    public DecoderOptions Options { get; }

    /// <inheritdoc/>
    public long WeightBytesPerStep => _weights.BytesPerStep;

    /// <inheritdoc/>
    public long CacheBytesPerToken => _slots.Cache.RowBytes;

    /// <summary>Threads that compute.</summary>
    internal WorkerPool Pool { get; }

    /// <summary>Instruction set in use.</summary>
    internal CpuKernels Kernels { get; }

    /// <summary>Goes up whenever the weights are replaced: what was gathered from them is then stale.</summary>
    internal int WeightsVersion { get; private set; }

    /// <inheritdoc/>
    public IDecoderSequence OpenSequence()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _slots.Open();
    }

    /// <inheritdoc/>
    public IForwardResult Forward(BatchPlan plan)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _pass.Run(plan, _weights, _outputs);
        return _results.Take();
    }

    /// <inheritdoc/>
    public void ReplaceWeights(IWeightSource weights)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var replacement = DecoderWeightsLoader.Load(Config, weights, Options.Format, Pool);
        _weights.Dispose();
        _weights = replacement;
        WeightsVersion++;
    }

    /// <summary>Root mean square that final hidden states have by the last norm's weight.</summary>
    internal unsafe float StateScale()
    {
        double sum = 0;
        for (int i = 0; i < Config.HiddenSize; i++) sum += (double)_weights.FinalNorm.Pointer[i] * _weights.FinalNorm.Pointer[i];
        return (float)Math.Sqrt(sum / Config.HiddenSize);
    }

    /// <summary>Widens the output head's rows of <paramref name="tokens"/> to f32, [tokens, hidden], as the kernels see them.</summary>
    internal void ReadHeadRows(ReadOnlySpan<int> tokens, Span<float> destination) => ReadRows(_weights.Head.Matrix, tokens, destination);

    /// <summary>Widens the embeddings of <paramref name="tokens"/> to f32, [tokens, hidden], as the kernels see them.</summary>
    internal void ReadEmbeddings(ReadOnlySpan<int> tokens, Span<float> destination) => ReadRows(_weights.Embedding, tokens, destination);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _pass.Dispose();
        _outputs.Dispose();
        _slots.Dispose();
        _weights.Dispose();
    }

    private unsafe void ReadRows(PackedMatrix matrix, ReadOnlySpan<int> tokens, Span<float> destination)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        int width = Config.HiddenSize;
        if (destination.Length != (long)tokens.Length * width)
            throw new ArgumentException($"the destination holds {destination.Length} values; expected {(long)tokens.Length * width}", nameof(destination));
        foreach (int token in tokens)
            if ((uint)token >= (uint)Config.VocabularySize)
                throw new ArgumentException($"token {token} is outside the vocabulary; expected 0 to {Config.VocabularySize - 1}", nameof(tokens));
        fixed (float* target = destination)
            for (int i = 0; i < tokens.Length; i++)
                matrix.ReadOutput(tokens[i], target + (long)i * width);
    }
}
