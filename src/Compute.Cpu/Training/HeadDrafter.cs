using Atlas.Compute.Cpu.Decoding;
using Atlas.Compute.Cpu.Kernels;
using Atlas.Compute.Cpu.Memory;
using Atlas.Compute.Cpu.Results;
using Atlas.Modeling.Training;

namespace Atlas.Compute.Cpu.Training;

/// <summary>
/// A head's forward for drafting, by the decoder's own kernels over packed weights: a few rows at a time, states kept from forward to forward
/// of one draft. A row's bits do not depend on the rows beside it. Allocates nothing once it has seen its longest draft.
/// </summary>
internal sealed unsafe class HeadDrafter : IDisposable
{
    private readonly CpuDecoder _target;
    private readonly HotVocabulary _hot;
    private readonly HeadSlab _weights;
    private readonly HeadPanels _panels;
    private readonly HeadConfig _config;
    private readonly CpuKernels _kernels;
    private readonly LinearJob _linear;
    private readonly OutputRows _outputs;
    private readonly ResultRing _results;
    private readonly HeadForwardResult?[] _forwardResults = new HeadForwardResult?[16];
    private readonly DraftStatesPool _states;
    private readonly List<AlignedBuffer<float>> _buffers = [];
    private readonly RowBlock _embedding;
    private readonly RowBlock _joined;
    private readonly RowBlock _gateUp;
    private readonly RowBlock _gated;
    private readonly RowBlock _product;
    private readonly RowBlock _sum;
    private int _forwards;
    private int _nextResult;

    /// <summary>Drafts with the weights of <paramref name="parameters"/>.</summary>
    public HeadDrafter(CpuDecoder target, HotVocabulary hot, ParameterStore parameters, HeadConfig config)
    {
        int hidden = target.Config.HiddenSize, width = config.IntermediateSize;
        _target = target;
        _hot = hot;
        _config = config;
        _kernels = target.Kernels;
        _weights = new HeadSlab(parameters, parameters.Weights);
        _panels = new HeadPanels(target, hot, parameters, config);
        int widest = Math.Max(2 * hidden, width);
        _linear = new LinearJob(_kernels, target.Pool, new QuantizeJob(_kernels, target.Pool, config.MaxRows, widest));
        _outputs = new OutputRows(config.MaxRows, hidden, config.HotVocabularySize);
        _results = new ResultRing(_outputs, new SampleJob(target.Pool, target.Config.VocabularySize));
        _states = new DraftStatesPool(this, config.MaxRows, hidden);
        RowBlock Rows(int columns)
        {
            _buffers.Add(new AlignedBuffer<float>((long)config.MaxRows * RowBlock.Padded(columns)));
            return RowBlock.Over(_buffers[^1], columns);
        }
        _embedding = Rows(hidden);
        _joined = Rows(2 * hidden);
        _gateUp = Rows(2 * RowBlock.Padded(width));
        _gated = Rows(width);
        _product = Rows(hidden);
        _sum = Rows(hidden);
    }

    /// <summary>Number of the draft under way; states of earlier ones are void.</summary>
    public long Draft { get; private set; }

    /// <summary>Begins a draft: its memory is used anew.</summary>
    public void Begin()
    {
        Draft++;
        _forwards = 0;
    }

    /// <summary>The weights have changed; they are packed before the next forward.</summary>
    public void Outdate() => _panels.Outdate();

    /// <summary>Packs what has changed now, so that the next forward need not.</summary>
    public void Prepare() => _panels.Refresh();

    /// <summary>The hot vocabulary has changed: results so far are void.</summary>
    public void HotChanged() => _outputs.SetIds(_hot.Tokens);

    /// <summary>Advances each row by one token.</summary>
    public HeadForwardResult Forward(ReadOnlySpan<HeadRow> rows)
    {
        int count = rows.Length;
        if (count < 1 || count > _config.MaxRows) throw new ArgumentException($"{count} rows, expected 1 to {_config.MaxRows}", nameof(rows));
        _hot.CheckChosen();
        _panels.Refresh();
        for (int i = 0; i < count; i++) Join(rows[i], i);
        _linear.ApplyGated(_panels.GateUp, _joined, _gateUp, _gated, count);
        _linear.AddTo(_panels.Down, _gated, _product, _sum, count);
        int hidden = _target.Config.HiddenSize;
        var states = _states.Take(_forwards++, count);
        for (int i = 0; i < count; i++)
            _kernels.RmsNorm(_sum.Row(i), _weights.ResultNorm, hidden, _target.Config.NormEpsilon, states.Rows.Row(i));
        _outputs.Begin(count);
        _linear.Apply(_panels.Hot, states.Rows, _outputs.Logits, count);
        return NextResult(states);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Draft++;
        _outputs.Dispose();
        _panels.Dispose();
        _linear.Dispose();
        _states.Dispose();
        foreach (var buffer in _buffers) buffer.Dispose();
    }

    // The row's state goes to the sum, which the block adds to; both inputs, normalized, go side by side.
    private void Join(HeadRow row, int i)
    {
        int hidden = _target.Config.HiddenSize;
        float epsilon = _target.Config.NormEpsilon;
        row.State.Read(row.StateRow, new Span<float>(_sum.Row(i), hidden));
        _target.ReadEmbeddings([row.Token], new Span<float>(_embedding.Row(i), hidden));
        _kernels.RmsNorm(_sum.Row(i), _weights.StateNorm, hidden, epsilon, _joined.Row(i));
        _kernels.RmsNorm(_embedding.Row(i), _weights.TokenNorm, hidden, epsilon, _joined.Row(i) + hidden);
    }

    private HeadForwardResult NextResult(DraftStates states)
    {
        var logits = _results.Take();
        ref var result = ref _forwardResults[_nextResult];
        _nextResult = (_nextResult + 1) % _forwardResults.Length;
        if (result is null) result = new HeadForwardResult(logits, states);
        else result.Renew(logits, states);
        return result;
    }
}
