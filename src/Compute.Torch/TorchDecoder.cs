using Atlas.Modeling;
using Atlas.Modeling.Engine;
using TorchSharp;

namespace Atlas.Compute.Torch;

/// <summary>A decoder whose weights and caches lie on one device.</summary>
internal sealed class TorchDecoder : IDecoder
{
    private readonly torch.Device _device;
    private readonly DecoderWeights _weights;
    private readonly RotaryTable _rotary;
    private readonly KvCache _cache;
    private readonly ForwardPasses _passes;
    private readonly TorchSequence?[] _slots;
    private readonly int[] _depths;
    private readonly int[] _pending;
    private readonly TokenColumns _columns;
    private TorchHiddenStates? _hidden;
    private TorchForwardResult? _result;
    private bool _disposed;

    /// <summary>Allocates everything and reads the weights.</summary>
    /// <param name="config">Shape.</param>
    /// <param name="source">Weights of that shape.</param>
    /// <param name="options">Sizes, with the context length filled in.</param>
    /// <param name="place">Where all of it lies, and how.</param>
    /// <exception cref="CheckpointException">A tensor is missing or has another shape.</exception>
    /// <exception cref="InsufficientMemoryException">The device has too little memory for weights and cache.</exception>
    public TorchDecoder(ModelConfig config, IWeightSource source, DecoderOptions options, DevicePlace place)
    {
        Config = config;
        Options = options;
        var (device, type, _) = place;
        _device = device;
        new WeightReader(source).Check(DecoderTensors.Expected(config));
        using var noGrad = torch.no_grad();
        int rows = options.ContextLength + options.MaxPending;
        long weightBytes = DecoderWeights.BytesOf(config, type);
        long cacheBytes = KvCache.BytesOf(config.Layers, options.MaxSequences, rows, config.KvHeads, config.HeadDim, type);
        DeviceMemory.Require($"a decoder with {options.MaxSequences} cache slots of {rows} rows", weightBytes + cacheBytes, device);
        _weights = DeviceMemory.Guard("the decoder's weights", weightBytes, device, () => new DecoderWeights(config, type, device));
        _weights.Read(source);
        _rotary = new RotaryTable(config, rows, device);
        _cache = DeviceMemory.Guard(
            "the key/value cache",
            cacheBytes,
            device,
            () => new KvCache(config.Layers, options.MaxSequences, rows, config.KvHeads, config.HeadDim, type, device));
        _passes = new ForwardPasses(config, new DecoderForward(config, _weights, _cache, _rotary), _cache.Rows, place);
        _slots = new TorchSequence?[options.MaxSequences];
        _depths = new int[options.MaxPending];
        _pending = new int[options.MaxSequences];
        _columns = new TokenColumns(config.VocabularySize);
    }

    /// <inheritdoc/>
    public ModelConfig Config { get; }

    /// <inheritdoc/>
    public DecoderOptions Options { get; }

    /// <inheritdoc/>
    public long WeightBytesPerStep => _weights.BytesPerStep;

    /// <inheritdoc/>
    public long CacheBytesPerToken => _cache.BytesPerToken;

    /// <summary>The weights, for heads that share embedding and output rows.</summary>
    public DecoderWeights Weights => _weights;

    /// <summary>Changes when the weights are replaced.</summary>
    public int WeightsVersion { get; private set; }

    /// <summary>Where all of it lies.</summary>
    public torch.Device Device => _device;

    /// <summary>Passes that the last forward took: more than one where memory did not suffice for all sequences at once.</summary>
    public int LastPasses => _passes.LastPasses;

    /// <inheritdoc/>
    public IDecoderSequence OpenSequence()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        int slot = Array.IndexOf(_slots, null);
        if (slot < 0) throw new InvalidOperationException($"all {_slots.Length} sequence slots are taken");
        return _slots[slot] = new TorchSequence(this, _cache, slot);
    }

    /// <inheritdoc/>
    public IForwardResult Forward(BatchPlan plan)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Check(plan);
        EndResult();
        for (int s = 0; s < plan.SegmentCount; s++)
        {
            var segment = plan.Segment(s);
            var tree = ((TorchSequence)segment.Sequence).Tree;
            _pending[s] = tree.Count;
            foreach (int parent in plan.Parents.Slice(segment.FirstRow, segment.Count)) tree.Add(parent);
        }
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var outputs = Run(plan);
        outputs?.Hidden.DetachFromDisposeScope();
        outputs?.Logits.DetachFromDisposeScope();
        var rows = new RowMap(plan.Outputs);
        _hidden = new TorchHiddenStates(rows, outputs?.Hidden, Config.HiddenSize);
        return _result = new TorchForwardResult(rows, outputs?.Logits, _columns, Config.VocabularySize, _hidden);
    }

    /// <inheritdoc/>
    public void ReplaceWeights(IWeightSource weights)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        using var noGrad = torch.no_grad();
        _weights.Read(weights);
        _cache.Clear();
        WeightsVersion++;
    }

    /// <summary>Takes back the slot of a disposed sequence.</summary>
    public void Release(int slot) => _slots[slot] = null;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        EndResult();
        _weights.Dispose();
        _rotary.Dispose();
        _cache.Dispose();
    }

    // Where memory does not suffice, the sequences are left as they were: the caller may try fewer of them.
    private (torch.Tensor Hidden, torch.Tensor Logits)? Run(BatchPlan plan)
    {
        try
        {
            return _passes.Run(plan);
        }
        catch
        {
            for (int s = 0; s < plan.SegmentCount; s++) ((TorchSequence)plan.Segment(s).Sequence).Tree.Truncate(_pending[s]);
            throw;
        }
    }

    private void EndResult()
    {
        _result?.Dispose();
        _hidden?.Dispose();
        _result = null;
    }

    // All of a plan is checked before any of it changes a sequence: a shape that libtorch refuses would end the process.
    private void Check(BatchPlan plan)
    {
        if (plan.Rows == 0) throw new ArgumentException("the plan has no rows", nameof(plan));
        if (plan.Rows > Options.MaxRows)
            throw new ArgumentException($"the plan has {plan.Rows} rows; expected at most {Options.MaxRows}", nameof(plan));
        foreach (int token in plan.Tokens)
            if ((uint)token >= (uint)Config.VocabularySize)
                throw new ArgumentException($"the plan names token {token}; expected 0 to {Config.VocabularySize - 1}", nameof(plan));
        for (int s = 0; s < plan.SegmentCount; s++) CheckSegment(plan, s);
    }

    // Depths are counted here, ahead of the tree, because a plan may have been made before its sequence changed.
    private void CheckSegment(BatchPlan plan, int index)
    {
        var segment = plan.Segment(index);
        if (segment.Sequence is not TorchSequence sequence || !sequence.BelongsTo(this))
            throw new ArgumentException($"sequence {index} of the plan belongs to another decoder", nameof(plan));
        sequence.CheckOpen();
        int pending = sequence.Pending;
        if (pending + segment.Count > Options.MaxPending)
            throw new ArgumentException(
                $"sequence {index} of the plan would hold {pending + segment.Count} pending rows; expected at most {Options.MaxPending}",
                nameof(plan));
        var parents = plan.Parents.Slice(segment.FirstRow, segment.Count);
        for (int i = 0; i < segment.Count; i++)
        {
            int parent = parents[i];
            if (parent >= pending + i)
                throw new ArgumentException($"parent {parent} of pending row {pending + i} is not an earlier one", nameof(plan));
            _depths[pending + i] = parent < 0 ? 0 : 1 + (parent < pending ? sequence.Tree.Depth(parent) : _depths[parent]);
            int position = sequence.Length + _depths[pending + i];
            if (position >= Options.ContextLength)
                throw new ArgumentException(
                    $"sequence {index} of the plan would reach position {position}; expected less than {Options.ContextLength}", nameof(plan));
        }
    }
}
