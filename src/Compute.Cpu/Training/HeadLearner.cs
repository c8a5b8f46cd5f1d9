using Atlas.Compute.Cpu.Decoding;
using Atlas.Compute.Cpu.Threading;
using Atlas.Modeling.Training;

namespace Atlas.Compute.Cpu.Training;

/// <summary>
/// Forward of a head along examples' tokens, on its own states from the second on, and the backward through all steps. Multiplies all
/// examples of a step together, and all steps where nothing depends on their order (logits, weight gradients).
/// </summary>
internal sealed unsafe class HeadLearner : IDisposable
{
    private readonly CpuDecoder _target;
    private readonly HotVocabulary _hot;
    private readonly HeadSlab _weights;
    private readonly HeadSlab _gradients;
    private readonly Gemm _gemm;
    private readonly RmsNorm _norm;
    private readonly GatedActivation _activation;
    private readonly SoftTargets _loss;
    private readonly HeadMemory _memory;
    private readonly HeadFactors _factors;
    private readonly int _hidden;
    private readonly int _width;
    private HeadUnroll _unroll = new([]);
    private int _piece;

    /// <summary>Learns the weights of <paramref name="parameters"/>.</summary>
    public HeadLearner(CpuDecoder target, HotVocabulary hot, ParameterStore parameters, int intermediate, WorkerPool pool)
    {
        _target = target;
        _hot = hot;
        _weights = new HeadSlab(parameters, parameters.Weights);
        _gradients = new HeadSlab(parameters, parameters.Gradient);
        _gemm = new Gemm(pool, GemmKernel.Best);
        _norm = new RmsNorm(pool);
        _activation = new GatedActivation(pool);
        _loss = new SoftTargets(pool, hot);
        _hidden = target.Config.HiddenSize;
        _width = intermediate;
        _memory = new HeadMemory(_hidden, intermediate);
        _factors = new HeadFactors(hot);
    }

    /// <summary>Mean loss of the last examples' rows that have a hot target.</summary>
    public double Loss { get; private set; }

    /// <summary>The weights have changed.</summary>
    public void Outdate() => _factors.Outdate();

    /// <summary>Begins to add the examples' gradient; <see cref="Continue"/> does it.</summary>
    public void Begin(HeadUnroll unroll)
    {
        _unroll = unroll;
        _piece = 0;
        _hot.Rows();
        _factors.CheckHot();
        _memory.Reserve(unroll.Rows, _hot.Tokens.Length);
        _target.ReadEmbeddings(unroll.Tokens, new Span<float>(_memory.Embeddings, unroll.Rows * _hidden));
    }

    /// <summary>Does the next piece: a step forward or back, the output rows' products, a matrix's gradient. Returns whether more is left.</summary>
    public bool Continue()
    {
        int steps = _unroll.Steps, rows = _unroll.Rows, piece = _piece++;
        int back = piece - (steps + 2);
        if (piece < steps) Forward(_unroll, piece);
        else if (piece == steps) Logits(rows);
        else if (piece == steps + 1) LossGradient(rows);
        else if (back < steps) Backward(_unroll, steps - 1 - back);
        else if (back == steps) AddWeightGradient(_memory.SumGradient, _hidden, _memory.Activated, _width, _gradients.Down, rows);
        else AddWeightGradient(_memory.GateUp, 2 * _width, _memory.Joined, 2 * _hidden, _gradients.GateUp, rows);
        return back <= steps;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _factors.Dispose();
        _gemm.Dispose();
        _norm.Dispose();
        _memory.Dispose();
    }

    private void Logits(int rows)
    {
        int hot = _hot.Tokens.Length;
        var output = new MatrixView(_hot.Rows(), hot, _hidden).Transposed;
        _gemm.Multiply(new GemmCall(new MatrixView(_memory.Next, rows, _hidden), output, _memory.Logits, hot), _factors.Hot);
    }

    private void LossGradient(int rows)
    {
        int hot = _hot.Tokens.Length;
        Loss = _loss.Run(_memory.Logits, _unroll);
        var output = new MatrixView(_hot.Rows(), hot, _hidden);
        _gemm.Multiply(new GemmCall(new MatrixView(_memory.Logits, rows, hot), output, _memory.NextGradient, _hidden), _factors.HotBack);
    }

    private void Forward(HeadUnroll unroll, int step)
    {
        int count = unroll.Count(step);
        nint first = unroll.Start(step);
        float* states = _memory.States + first * _hidden;
        for (int i = 0; i < count; i++)
        {
            var state = new Span<float>(states + (nint)i * _hidden, _hidden);
            if (step == 0) unroll.Example(i).State.Read(unroll.Example(i).StateRow, state);
            else new Span<float>(_memory.Next + (unroll.Start(step - 1) + (nint)i) * _hidden, _hidden).CopyTo(state);
        }
        float* joined = _memory.Joined + first * 2 * _hidden;
        _norm.Forward(StateRows(first, count), _memory.Part);
        CopyRows(_memory.Part, _hidden, joined, 2 * _hidden, count);
        _norm.Forward(TokenRows(first, count), _memory.Part);
        CopyRows(_memory.Part, _hidden, joined + _hidden, 2 * _hidden, count);

        float* gateUp = _memory.GateUp + first * 2 * _width;
        float* activated = _memory.Activated + first * _width;
        float* sum = _memory.Sum + first * _hidden;
        _gemm.Multiply(new GemmCall(
            new MatrixView(joined, count, 2 * _hidden),
            new MatrixView(_weights.GateUp, 2 * _width, 2 * _hidden).Transposed,
            gateUp,
            2 * _width), _factors.GateUp);
        _activation.Forward(gateUp, activated, count, _width);
        _gemm.Multiply(new GemmCall(
            new MatrixView(activated, count, _width), new MatrixView(_weights.Down, _hidden, _width).Transposed, sum, _hidden, states, _hidden),
            _factors.Down);
        _norm.Forward(SumRows(first, count), _memory.Next + first * _hidden);
    }

    private void Backward(HeadUnroll unroll, int step)
    {
        int count = unroll.Count(step);
        nint first = unroll.Start(step);
        float* nextGradient = _memory.NextGradient + first * _hidden;
        if (step + 1 < unroll.Steps)
        {
            // The next step's states are this one's results: its first rows are the same examples.
            float* later = _memory.StateGradient + (nint)unroll.Start(step + 1) * _hidden;
            for (nint i = 0; i < unroll.Count(step + 1); i++) VectorMath.Add(later + i * _hidden, nextGradient + i * _hidden, _hidden);
        }
        float* sumGradient = _memory.SumGradient + first * _hidden;
        new Span<float>(sumGradient, count * _hidden).Clear();
        _norm.Backward(SumRows(first, count), nextGradient, sumGradient, _gradients.ResultNorm);

        float* gateUp = _memory.GateUp + first * 2 * _width;
        float* activated = _memory.Activated + first * _width;
        _gemm.Multiply(new GemmCall(
            new MatrixView(sumGradient, count, _hidden), new MatrixView(_weights.Down, _hidden, _width), activated, _width), _factors.DownBack);
        _activation.Backward(gateUp, activated, count, _width);
        float* joinedGradient = _memory.JoinedGradient;
        _gemm.Multiply(new GemmCall(
            new MatrixView(gateUp, count, 2 * _width),
            new MatrixView(_weights.GateUp, 2 * _width, 2 * _hidden),
            joinedGradient,
            2 * _hidden), _factors.GateUpBack);

        float* stateGradient = _memory.StateGradient + first * _hidden;
        new Span<float>(sumGradient, count * _hidden).CopyTo(new Span<float>(stateGradient, count * _hidden));
        CopyRows(joinedGradient, 2 * _hidden, _memory.Part, _hidden, count);
        _norm.Backward(StateRows(first, count), _memory.Part, stateGradient, _gradients.StateNorm);
        CopyRows(joinedGradient + _hidden, 2 * _hidden, _memory.Part, _hidden, count);
        _norm.Backward(TokenRows(first, count), _memory.Part, _memory.Unused, _gradients.TokenNorm);
    }

    private void AddWeightGradient(float* dy, int outputs, float* x, int inputs, float* gradient, int rows) =>
        _gemm.Multiply(new GemmCall(
            new MatrixView(dy, rows, outputs).Transposed, new MatrixView(x, rows, inputs), gradient, inputs, gradient, inputs));

    private RmsNormRows StateRows(nint first, int count) =>
        Rows(_memory.States, _weights.StateNorm, _memory.StateInverse, first, count);

    private RmsNormRows TokenRows(nint first, int count) =>
        Rows(_memory.Embeddings, _weights.TokenNorm, _memory.TokenInverse, first, count);

    private RmsNormRows SumRows(nint first, int count) =>
        Rows(_memory.Sum, _weights.ResultNorm, _memory.SumInverse, first, count);

    private RmsNormRows Rows(float* x, float* weight, float* inverse, nint first, int count) =>
        new(x + first * _hidden, weight, inverse + first, count, _hidden, _target.Config.NormEpsilon);

    private void CopyRows(float* from, int fromStride, float* to, int toStride, int count)
    {
        for (nint i = 0; i < count; i++) new Span<float>(from + i * fromStride, _hidden).CopyTo(new Span<float>(to + i * toStride, _hidden));
    }
}
