using System.Globalization;

namespace Atlas.Compute.Torch;

/// <summary>Where a <see cref="TorchEngine"/> computes and which libtorch it loads. Immutable.</summary>
public sealed record TorchEngineOptions
{
    /// <summary><c>cpu</c>, <c>cuda</c> or <c>cuda:N</c> with the number of an accelerator.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>
    /// Folder of an installed libtorch, such as <c>site-packages/torch/lib</c> of a PyTorch install; null leaves the search to the dynamic
    /// loader (the libraries that came with the build, then <c>LD_LIBRARY_PATH</c>). Only the first engine of a process decides.
    /// </summary>
    public string? LibraryDirectory { get; init; }

    /// <summary>Host threads that libtorch computes with; 0 leaves the number to it. Counts for the whole process.</summary>
    public int Threads { get; init; }

    /// <summary>
    /// The options that <c>ATLAS_TORCH_DEVICE</c>, <c>ATLAS_TORCH_LIBRARY</c> and <c>ATLAS_TORCH_THREADS</c> ask for; what is not set keeps its
    /// default.
    /// </summary>
    /// <exception cref="ArgumentException">The number of threads is none.</exception>
    public static TorchEngineOptions FromEnvironment()
    {
        var options = new TorchEngineOptions();
        if (Variable("ATLAS_TORCH_DEVICE") is { } device) options = options with { Device = device };
        if (Variable("ATLAS_TORCH_LIBRARY") is { } directory) options = options with { LibraryDirectory = directory };
        if (Variable("ATLAS_TORCH_THREADS") is not { } threads) return options;
        if (!int.TryParse(threads, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            throw new ArgumentException($"ATLAS_TORCH_THREADS is '{threads}'; expected a number of threads");
        return options with { Threads = number };
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
