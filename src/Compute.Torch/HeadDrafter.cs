using Atlas.Modeling.Training;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Atlas.Compute.Torch;

/// <summary>
/// A head's forward for drafting: over copies of its weights in <see cref="HeadConfig.DraftFormat"/>, made anew when they have changed.
/// States stay on the device from forward to forward of one draft.
/// </summary>
internal sealed class HeadDrafter : IDisposable
{
    private readonly TorchDecoder _target;
    private readonly HeadParameters _parameters;
    private readonly HotTokens _hot;
    private readonly HotOutputRows _outputs;
    private readonly torch.ScalarType _type;
    private readonly int _maxRows;
    private readonly List<TorchHiddenStates> _states = [];
    private HeadMatrices? _weights;
    private TorchForwardResult? _result;

    /// <summary>Drafts with the weights of <paramref name="parameters"/>.</summary>
    public HeadDrafter(TorchDecoder target, HotTokens hot, HeadParameters parameters, HeadConfig config)
    {
        _target = target;
        _parameters = parameters;
        _hot = hot;
        _type = ElementTypes.Of(config.DraftFormat, target.Device);
        _outputs = new HotOutputRows(target, hot, _type);
        _maxRows = config.MaxRows;
    }

    /// <summary>Begins a draft: the states of the one before end.</summary>
    public void Begin()
    {
        EndResult();
        foreach (var states in _states) states.Dispose();
        _states.Clear();
    }

    /// <summary>The weights have changed.</summary>
    public void Outdate()
    {
        _weights?.Dispose();
        _weights = null;
    }

    /// <summary>Copies what has changed now, so that the next forward need not.</summary>
    public void Prepare() => _weights ??= _parameters.Matrices.CopyAs(_type);

    /// <summary>Ends the result of the last forward: its columns mean other tokens from now on.</summary>
    public void EndResult()
    {
        _result?.Dispose();
        _result = null;
    }

    /// <summary>Advances each row by one token.</summary>
    public TorchForwardResult Forward(ReadOnlySpan<HeadRow> rows)
    {
        if (rows.Length < 1 || rows.Length > _maxRows) throw new ArgumentException($"{rows.Length} rows, expected 1 to {_maxRows}", nameof(rows));
        _hot.CheckChosen();
        var tokens = new long[rows.Length];
        for (int i = 0; i < tokens.Length; i++) tokens[i] = CheckToken(rows[i].Token);
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var states = StateRows.Collect(rows, _target.Config.HiddenSize, _target.Device);
        EndResult();
        Prepare();
        var next = _weights!.Advance(states, Embeddings(tokens), _target.Config.NormEpsilon).DetachFromDisposeScope();
        var logits = HeadMatrices.Product(next, _outputs.Rows).DetachFromDisposeScope();
        var wanted = new bool[rows.Length];
        Array.Fill(wanted, true);
        // The states live as long as the draft, the logits until the next forward.
        var hidden = new TorchHiddenStates(new RowMap(wanted), next, _target.Config.HiddenSize);
        _states.Add(hidden);
        return _result = new TorchForwardResult(new RowMap(wanted), logits, _outputs.Columns, _target.Config.VocabularySize, hidden);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Begin();
        Outdate();
        _outputs.Dispose();
    }

    private Tensor Embeddings(long[] tokens)
    {
        using var scope = torch.NewDisposeScope();
        return _target.Weights.Embedding.index_select(0, torch.tensor(tokens).to(_target.Device)).to(torch.ScalarType.Float32)
            .MoveToOuterDisposeScope();
    }

    // libtorch would end the process, or read what lies beyond.
    private int CheckToken(int token) => (uint)token < (uint)_target.Config.VocabularySize
        ? token
        : throw new ArgumentException($"token {token}; expected 0 to {_target.Config.VocabularySize - 1}");
}
