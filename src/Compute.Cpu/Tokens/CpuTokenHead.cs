using Atlas.Core.Sampling;
using Atlas.Modeling;
using Atlas.Modeling.Engine;
using Atlas.Modeling.Training;

namespace Atlas.Compute.Cpu.Tokens;

/// <summary>
/// A learned speculator's head that sees tokens alone (<see cref="TokenHeadConfig"/>). Every context of the last 1 to n tokens keeps the tokens
/// that followed it, each with a weight; tokens that followed the same text earlier in the window come from there; a candidate's logit is the
/// sum of the weights that speak for it. It proposes whatever token its contexts have seen, so it needs no hot vocabulary, and reads a cache line
/// per context instead of output rows. Untrained, it copies. One thread; drafting allocates nothing once it has seen its longest draft.
/// </summary>
public sealed class CpuTokenHead : ITrainableHead
{
    private readonly int _vocabularySize;
    private readonly SuccessorTable _table;
    private readonly SharedWeights _shared;
    private readonly TokenMixture _mixture;
    private readonly MixtureGradient _gradient;
    private readonly MixtureLearner _learner;
    private readonly TokenTensors _tensors;
    private readonly TokenRows _rows;
    private readonly TokenForwardResult[] _results = new TokenForwardResult[16];
    private readonly List<TextStates> _states = [];
    private readonly float[] _text;
    private AdamWStep? _step;
    private bool _learning;
    private int _forwards;
    private int _nextResult;
    private bool _disposed;

    /// <summary>A head with weights from <paramref name="initial"/>, or an untrained one.</summary>
    internal CpuTokenHead(TokenHeadConfig config, int vocabularySize, IWeightSource? initial)
    {
        Config = config;
        _vocabularySize = vocabularySize;
        _table = new SuccessorTable(config.Orders, config.Contexts);
        _shared = new SharedWeights(config);
        _mixture = new TokenMixture(config, _table, _shared);
        _gradient = new MixtureGradient(_table, _shared);
        _learner = new MixtureLearner(config, _table, _mixture, _gradient);
        _tensors = new TokenTensors(config, vocabularySize, _table, _shared);
        _rows = new TokenRows(config);
        var sampler = new CoupledSampler(vocabularySize);
        for (int i = 0; i < _results.Length; i++) _results[i] = new TokenForwardResult(_rows, sampler, vocabularySize);
        _text = new float[config.ContextLength];
        if (initial is not null) _tensors.Read(initial);
    }

    /// <summary>Its shape.</summary>
    public TokenHeadConfig Config { get; }

    /// <inheritdoc/>
    public int MaxRows => Config.MaxRows;

    /// <inheritdoc/>
    public bool NeedsHotVocabulary => false;

    /// <summary>Empty: it proposes among all tokens.</summary>
    public ReadOnlySpan<int> HotVocabulary => [];

    /// <inheritdoc/>
    public double LastLoss => _learner.Loss;

    /// <inheritdoc/>
    public UpdateReport LastUpdate { get; private set; } = new(0, false);

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">Always: there is nothing to choose.</exception>
    public void SetHotVocabulary(ReadOnlySpan<int> tokens) =>
        throw new NotSupportedException("a token head proposes among all tokens; it has no hot vocabulary");

    /// <inheritdoc/>
    public void BeginDraft()
    {
        foreach (var states in _states) states.Clear();
        _forwards = 0;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Too many rows, or a state of another width.</exception>
    public IForwardResult Forward(ReadOnlySpan<HeadRow> rows)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (rows.Length < 1 || rows.Length > MaxRows) throw new ArgumentException($"{rows.Length} rows; expected 1 to {MaxRows}", nameof(rows));
        if (_forwards == _states.Count) _states.Add(new TextStates(MaxRows, Config.ContextLength));
        var states = _states[_forwards++];
        states.Clear();
        _rows.Begin();
        foreach (var row in rows)
        {
            row.State.Read(row.StateRow, _text);
            var text = states.Add();
            _text.AsSpan(1).CopyTo(text);
            text[^1] = row.Token;
            _mixture.Run(text);
            _rows.Add(_mixture);
        }
        var result = _results[_nextResult];
        _nextResult = (_nextResult + 1) % _results.Length;
        result.Renew(states);
        return result;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">There are no examples, or one is malformed.</exception>
    public void BeginAccumulate(ReadOnlySpan<HeadExample> examples)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (examples.Length == 0) throw new ArgumentException("there are no examples", nameof(examples));
        for (int i = 0; i < examples.Length; i++) Check(examples[i], i);
        _learner.Begin(examples);
        _learning = true;
    }

    /// <summary>Begins an update. AdaGrad takes rate, clipping and decay of <paramref name="step"/>; it has no momentum.</summary>
    public void BeginUpdate(AdamWStep step)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _learning = false;
        _step = step;
    }

    /// <inheritdoc/>
    public bool Continue()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_learning) return _learning = _learner.Continue();
        if (_step is not { } step) return false;
        _step = null;
        LastUpdate = _gradient.Apply(step);
        return false;
    }

    /// <inheritdoc/>
    public void ExportWeights(IWeightSink sink)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _tensors.Write(sink);
    }

    /// <inheritdoc/>
    /// <exception cref="CheckpointException">A tensor is missing, has another shape, or names a token outside the vocabulary.</exception>
    public void ImportWeights(IWeightSource source)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _gradient.Clear();
        _tensors.Read(source);
    }

    /// <inheritdoc/>
    public void ExportOptimizer(IWeightSink sink)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _tensors.WriteSums(sink);
    }

    /// <inheritdoc/>
    /// <exception cref="CheckpointException">A tensor is missing or has another shape.</exception>
    public void ImportOptimizer(IWeightSource source, long updateCount)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(updateCount);
        _tensors.ReadSums(source);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _table.Dispose();
    }

    /// <summary>Derivative accumulated for a weight that is named as in <see cref="MixtureTerm.Weight"/>.</summary>
    internal double GradientOf(int weight) => _gradient.Of(weight);

    /// <summary>A weight that is named as in <see cref="MixtureTerm.Weight"/>.</summary>
    internal ref float WeightOf(int weight) => ref (weight < 0
        ? ref _shared.Values[~weight]
        : ref _table.Weight(weight / SuccessorTable.Successors, weight % SuccessorTable.Successors));

    /// <summary>How many shared weights there are.</summary>
    internal int SharedWeightCount => _shared.Values.Length;

    /// <summary>How many weights of successors there are.</summary>
    internal int SuccessorWeightCount => _table.Count * SuccessorTable.Successors;

    private void Check(HeadExample example, int index)
    {
        example.Check(index, Config.ContextLength);
        foreach (int token in example.Tokens) CheckToken(token, 0, index);
        foreach (int token in example.TopTokens) CheckToken(token, -1, index);
    }

    private void CheckToken(int token, int least, int index)
    {
        if (token < least || token >= _vocabularySize)
            throw new ArgumentException($"example {index} names token {token}; expected {least} to {_vocabularySize - 1}");
    }
}
