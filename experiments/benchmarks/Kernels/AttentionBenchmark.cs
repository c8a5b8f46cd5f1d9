using Atlas.Benchmarks.Cases;
using Atlas.Modeling;
using BenchmarkDotNet.Attributes;

namespace Atlas.Benchmarks.Kernels;

/// <summary>Attention of a step's rows over one layer: 16 query heads on 8 key/value heads of width 64.</summary>
public class AttentionBenchmark : KernelBenchmark
{
    private const int Heads = 16;
    private const int KvHeads = 8;
    private const int HeadDim = 64;

    private AttentionCase? _case;

    /// <summary>How keys and values are kept.</summary>
    [Params(WeightFormat.F32, WeightFormat.BF16)]
    public WeightFormat Cache { get; set; }

    /// <summary>Committed tokens in the cache.</summary>
    [Params(256, 2048)]
    public int Context { get; set; }

    /// <summary>Rows verified together.</summary>
    [Params(1, 4, 16)]
    public int Rows { get; set; }

    /// <summary>Form of the draft.</summary>
    [Params(DraftForm.Chain, DraftForm.BinaryTree)]
    public DraftForm Form { get; set; }

    /// <inheritdoc/>
    public override KernelWork Work(string method)
    {
        var parents = Parents();
        var depths = new int[Rows];
        double seen = 0;
        for (int row = 0; row < Rows; row++)
        {
            depths[row] = parents[row] < 0 ? 1 : depths[parents[row]] + 1;
            seen += Context + depths[row];
        }
        return new(LayerBytes, 4.0 * Heads * HeadDim * seen, "flop");
    }

    /// <summary>Scores, softmax and the average of the values, all heads.</summary>
    [Benchmark]
    public void Attend() => _case!.Run();

    /// <inheritdoc/>
    protected override void Prepare() => _case = new AttentionCase(Pool!, Shape(), Cache, Context, Parents());

    /// <inheritdoc/>
    protected override void Release() => _case?.Dispose();

    private double LayerBytes => 2.0 * (Cache == WeightFormat.F32 ? 4 : 2) * KvHeads * HeadDim * (Context + Rows);

    private int[] Parents() =>
        [.. Enumerable.Range(0, Rows).Select(row => row == 0 ? -1 : Form == DraftForm.Chain ? row - 1 : (row - 1) / 2)];

    private ModelConfig Shape() => new()
    {
        ModelType = "llama",
        VocabularySize = 1,
        HiddenSize = Heads * HeadDim,
        IntermediateSize = 1,
        Layers = (int)Math.Ceiling(WorkingSet / LayerBytes),
        Heads = Heads,
        KvHeads = KvHeads,
        HeadDim = HeadDim,
        ContextLength = Context + Rows,
    };
}
