using Atlas.Modeling.Training;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Atlas.Compute.Torch;

/// <summary>
/// What a head is taught: of every row the target's most probable tokens, as far as they are hot, as columns and probabilities. The rest of
/// the target's mass is not taught.
/// </summary>
internal sealed class SoftTargets
{
    private readonly long[] _columns;
    private readonly float[] _probabilities;
    private readonly int _width;

    /// <summary>Collects the targets of all rows of examples.</summary>
    public SoftTargets(HeadUnroll unroll, HotTokens hot)
    {
        _width = 1;
        for (int i = 0; i < unroll.Count(0); i++) _width = Math.Max(_width, TopCount(unroll.Example(i)));
        _columns = new long[unroll.Rows * _width];
        _probabilities = new float[unroll.Rows * _width];
        for (int step = 0; step < unroll.Steps; step++)
            for (int i = 0; i < unroll.Count(step); i++)
                if (Fill(unroll.Example(i), step, unroll.Start(step) + i, hot) > 0)
                    Taught++;
    }

    /// <summary>Rows that have a hot target.</summary>
    public int Taught { get; private set; }

    /// <summary>Mean cross-entropy over the rows that are taught, f32 [].</summary>
    /// <param name="logits">f32 [rows, hot].</param>
    public Tensor Loss(Tensor logits)
    {
        using var scope = torch.NewDisposeScope();
        long rows = logits.shape[0];
        var columns = torch.tensor(_columns, [rows, _width]).to(logits.device);
        var probabilities = torch.tensor(_probabilities, [rows, _width]).to(logits.device);
        return logits.log_softmax(1).gather(1, columns).mul(probabilities).sum().neg().Over(Taught).MoveToOuterDisposeScope();
    }

    private static int TopCount(HeadExample example) => example.TopTokens.Length / example.Tokens.Length;

    // Places that are not taught point at column 0 with probability 0.
    private float Fill(HeadExample example, int step, int row, HotTokens hot)
    {
        int count = TopCount(example);
        float mass = 0;
        for (int i = 0; i < count; i++)
        {
            int column = hot.IndexOf(example.TopTokens[step * count + i]);
            if (column < 0) continue;
            _columns[row * _width + i] = column;
            _probabilities[row * _width + i] = example.TopProbabilities[step * count + i];
            mass += example.TopProbabilities[step * count + i];
        }
        return mass;
    }
}
