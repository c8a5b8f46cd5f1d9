using Atlas.Modeling.Engine;

namespace Atlas.Evaluation.Benchmarks;

/// <summary>Everything that a run of <see cref="EngineBenchmark"/> measured.</summary>
public sealed record BenchmarkResult
{
    /// <summary>What it ran on.</summary>
    public required EngineInfo Engine { get; init; }

    /// <summary>Bytes that the device had free with all decoders loaded; null where nobody says.</summary>
    public long? FreeMemory { get; init; }

    /// <summary>What was asked for.</summary>
    public required BenchmarkOptions Options { get; init; }

    /// <summary>Parameters of the model.</summary>
    public required long Parameters { get; init; }

    /// <summary>Limits of the device, by round.</summary>
    public required LimitSeries Limits { get; init; }

    /// <summary>The format that was asked for first, then those beside it.</summary>
    public required IReadOnlyList<DecoderResult> Decoders { get; init; }

    /// <summary>Forward, dW and dX of <see cref="BenchmarkOptions.Product"/>.</summary>
    public required IReadOnlyList<ProductResult> Products { get; init; }

    /// <summary>Managed bytes that all threads allocate per step of eight sequences.</summary>
    public required double AllocatedBytesPerStep { get; init; }

    /// <summary>The decoder of the format that was asked for.</summary>
    public DecoderResult Asked => Decoders[0];
}
