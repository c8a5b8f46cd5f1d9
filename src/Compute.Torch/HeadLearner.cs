using Atlas.Modeling.Training;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Atlas.Compute.Torch;

/// <summary>
/// Forward of a head along examples' tokens, on its own states from the second on, in f32; libtorch's autograd goes back through all steps.
/// It works piece by piece: each step forward, then loss and gradient. A piece is over when the device has done it.
/// </summary>
internal sealed class HeadLearner(TorchDecoder target, HotTokens hot, HeadParameters parameters) : IDisposable
{
    private readonly HotOutputRows _outputs = new(target, hot, torch.ScalarType.Float32);
    private readonly List<Tensor> _next = [];
    private HeadUnroll _unroll = new([]);
    private Tensor? _states;
    private Tensor? _embeddings;

    /// <summary>Mean loss of the last examples' rows that have a hot target; 0 where none has.</summary>
    public double Loss { get; private set; }

    /// <summary>Begins to add the examples' gradient; <see cref="Continue"/> does it.</summary>
    public void Begin(HeadUnroll unroll)
    {
        Clear();
        hot.CheckChosen();
        foreach (int token in unroll.Tokens)
            if ((uint)token >= (uint)target.Config.VocabularySize)
                throw new ArgumentException($"token {token}; expected 0 to {target.Config.VocabularySize - 1}", nameof(unroll));
        _unroll = unroll;
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var rows = new HeadRow[unroll.Count(0)];
        for (int i = 0; i < rows.Length; i++) rows[i] = new HeadRow(unroll.Example(i).State, unroll.Example(i).StateRow, unroll.Tokens[i]);
        _states = StateRows.Collect(rows, target.Config.HiddenSize, target.Device).DetachFromDisposeScope();
        var tokens = torch.tensor(Array.ConvertAll(unroll.Tokens, t => (long)t)).to(target.Device);
        _embeddings = target.Weights.Embedding.index_select(0, tokens).to(torch.ScalarType.Float32).DetachFromDisposeScope();
    }

    /// <summary>Does the next piece; returns whether more is left.</summary>
    public bool Continue()
    {
        using var grad = torch.enable_grad();
        bool more = _next.Count < _unroll.Steps;
        if (more) Forward(_next.Count);
        else Backward();
        if (target.Device.type == DeviceType.CUDA) torch.cuda.synchronize(target.Device);
        return more;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Clear();
        _outputs.Dispose();
    }

    private void Forward(int step)
    {
        using var scope = torch.NewDisposeScope();
        int count = _unroll.Count(step);
        var states = step == 0 ? _states! : _next[step - 1].narrow(0, 0, count);
        var embeddings = _embeddings!.narrow(0, _unroll.Start(step), count);
        _next.Add(parameters.Matrices.Advance(states, embeddings, target.Config.NormEpsilon).DetachFromDisposeScope());
    }

    private void Backward()
    {
        using var scope = torch.NewDisposeScope();
        var targets = new SoftTargets(_unroll, hot);
        Loss = 0;
        if (targets.Taught > 0)
        {
            var loss = targets.Loss(HeadMatrices.Product(torch.cat(_next, 0), _outputs.Rows));
            Tensor[] weights = [.. parameters.All.Select(p => p.Weight)];
            var gradients = torch.autograd.grad([loss], weights);
            using (torch.no_grad())
                for (int i = 0; i < weights.Length; i++)
                    parameters.All[i].Gradient.PlusInPlace(gradients[i]);
            Loss = loss.item<float>();
        }
        Clear();
    }

    private void Clear()
    {
        foreach (var states in _next) states.Dispose();
        _next.Clear();
        _states?.Dispose();
        _embeddings?.Dispose();
        (_states, _embeddings) = (null, null);
        _unroll = new HeadUnroll([]);
    }
}
