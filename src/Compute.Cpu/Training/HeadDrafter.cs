using Atlas.Compute.Cpu.Decoding;
using Atlas.Compute.Cpu.Memory;
using Atlas.Compute.Cpu.Results;
using Atlas.Compute.Cpu.Threading;
using Atlas.Modeling.Training;

namespace Atlas.Compute.Cpu.Training;

/// <summary>A head's forward for drafting: a few rows at a time, states kept from forward to forward of one draft.</summary>
internal sealed unsafe class HeadDrafter : IDisposable
{
    private readonly CpuDecoder _target;
    private readonly HotVocabulary _hot;
    private readonly HeadSlab _weights;
    private readonly HeadConfig _config;
    private readonly RowProducts _products;
    private readonly OutputRows _outputs;
    private readonly ResultRing _results;
    private readonly List<AlignedBuffer<float>> _blocks = [];
    private readonly HeadMemory _memory;
    private readonly int[] _tokens;
    private int _forwards;

    /// <summary>Drafts with the weights of <paramref name="parameters"/>.</summary>
    public HeadDrafter(CpuDecoder target, HotVocabulary hot, ParameterStore parameters, HeadConfig config, WorkerPool pool)
    {
        _target = target;
        _hot = hot;
        _config = config;
        _weights = new HeadSlab(parameters, parameters.Weights);
        _products = new RowProducts(pool);
        _outputs = new OutputRows(config.MaxRows, target.Config.HiddenSize, config.HotVocabularySize);
        _results = new ResultRing(_outputs, new SampleJob(pool, target.Config.VocabularySize));
        _memory = new HeadMemory(target.Config.HiddenSize, config.IntermediateSize);
        _tokens = new int[config.MaxRows];
    }

    /// <summary>Number of the draft under way; states of earlier ones are void.</summary>
    public long Draft { get; private set; }

    /// <summary>Begins a draft: its memory is used anew.</summary>
    public void Begin()
    {
        Draft++;
        _forwards = 0;
    }

    /// <summary>The hot vocabulary has changed: results so far are void.</summary>
    public void HotChanged() => _outputs.SetIds(_hot.Tokens);

    /// <summary>Advances each row by one token.</summary>
    public HeadForwardResult Forward(ReadOnlySpan<HeadRow> rows)
    {
        int hidden = _target.Config.HiddenSize, width = _config.IntermediateSize, count = rows.Length;
        if (count < 1 || count > _config.MaxRows) throw new ArgumentException($"{count} rows, expected 1 to {_config.MaxRows}", nameof(rows));
        float* hotRows = _hot.Rows();
        _memory.Reserve(count, 0);
        for (int i = 0; i < count; i++)
        {
            rows[i].State.Read(rows[i].StateRow, new Span<float>(_memory.States + (nint)i * hidden, hidden));
            _tokens[i] = rows[i].Token;
        }
        _target.ReadEmbeddings(_tokens.AsSpan(0, count), new Span<float>(_memory.Embeddings, count * hidden));
        float epsilon = _target.Config.NormEpsilon;
        for (nint i = 0; i < count; i++)
        {
            float* joined = _memory.Joined + i * 2 * hidden;
            RmsNorm.ForwardRow(_memory.States + i * hidden, _weights.StateNorm, joined, hidden, epsilon);
            RmsNorm.ForwardRow(_memory.Embeddings + i * hidden, _weights.TokenNorm, joined + hidden, hidden, epsilon);
        }
        _products.Multiply(
            new MatrixView(_memory.Joined, count, 2 * hidden), new MatrixView(_weights.GateUp, 2 * width, 2 * hidden), _memory.GateUp, 2 * width);
        for (nint i = 0; i < count; i++)
        {
            float* gate = _memory.GateUp + i * 2 * width;
            GatedActivation.ForwardRow(gate, gate + width, _memory.Activated + i * width, width);
        }
        _products.Multiply(new MatrixView(_memory.Activated, count, width), new MatrixView(_weights.Down, hidden, width), _memory.Sum, hidden);
        var block = NextBlock();
        for (nint i = 0; i < count; i++)
        {
            VectorMath.Add(_memory.States + i * hidden, _memory.Sum + i * hidden, hidden);
            RmsNorm.ForwardRow(_memory.Sum + i * hidden, _weights.ResultNorm, block.Pointer + i * hidden, hidden, epsilon);
        }
        _outputs.Begin(count);
        _products.Multiply(
            new MatrixView(block.Pointer, count, hidden),
            new MatrixView(hotRows, _hot.Tokens.Length, hidden),
            _outputs.Logits.Pointer,
            (nint)_outputs.Logits.Stride);
        return new HeadForwardResult(_results.Take(), new DraftStates(this, Draft, block, count, hidden));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Draft++;
        _outputs.Dispose();
        _memory.Dispose();
        foreach (var block in _blocks) block.Dispose();
    }

    private AlignedBuffer<float> NextBlock()
    {
        if (_forwards == _blocks.Count) _blocks.Add(new AlignedBuffer<float>((long)_config.MaxRows * _target.Config.HiddenSize));
        return _blocks[_forwards++];
    }
}
