using Atlas.Modeling;

namespace Atlas.Evaluation.Benchmarks;

/// <summary>What <see cref="EngineBenchmark"/> is to measure.</summary>
public sealed record BenchmarkOptions
{
    /// <summary>Shape of the decoders; default 206 M parameters.</summary>
    public BenchmarkShape Shape { get; init; } = new();

    /// <summary>How the decoder in question keeps its matrices. bf16 and int8 are measured beside it in any case, where the engine has them.</summary>
    public WeightFormat Format { get; init; } = WeightFormat.BF16;

    /// <summary>Rounds, 1 or more. In each, everything takes its turn; medians are taken over rounds.</summary>
    public int Rounds { get; init; } = 11;

    /// <summary>Steps over which managed allocation is counted, 1 or more.</summary>
    public int AllocationSteps { get; init; } = 1000;

    /// <summary>Formats measured: the one in question first, then those beside it.</summary>
    public IEnumerable<WeightFormat> Formats => new[] { Format, WeightFormat.BF16, WeightFormat.Int8 }.Distinct();

    /// <summary>Bytes that the weights of all formats and the filled caches take at least.</summary>
    public double LeastMemory =>
        Formats.Sum(format => Shape.Weights * BytesPerWeight(format))
        + (BenchmarkDecoder.BatchSequences + 1) * Shape.CacheElements * (Format == WeightFormat.F32 ? 4 : 2);

    /// <summary>Rows of the verification steps, a plain step of 1 first.</summary>
    public static IReadOnlyList<int> StepRows { get; } = [1, 2, 4, 8, 16];

    /// <summary>Rows of the prompt that prefill reads in one forward.</summary>
    public const int PromptRows = 512;

    /// <summary>Rows, inputs and outputs of the layer whose training products are timed.</summary>
    public static (int Rows, int Inputs, int Outputs) Product { get; } = (512, 1024, 2816);

    private static double BytesPerWeight(WeightFormat format) => format switch
    {
        WeightFormat.F32 => 4,
        WeightFormat.Int8 => 1,
        _ => 2,
    };
}
