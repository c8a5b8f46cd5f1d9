using System.Globalization;

namespace Atlas.Compute.Torch;

/// <summary>Where a <see cref="TorchEngine"/> computes and which libtorch it loads. Immutable.</summary>
public sealed record TorchEngineOptions
{
    /// <summary><c>cpu</c>, <c>cuda</c> or <c>cuda:N</c> with the number of an accelerator.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Where the static draft model computes; null where the target does. Named like <see cref="Device"/>.</summary>
    public string? DraftDevice { get; init; }

    /// <summary>
    /// Folder of an installed libtorch, such as <c>site-packages/torch/lib</c> of a PyTorch install; null leaves the search to the dynamic
    /// loader (the libraries that came with the build, then <c>LD_LIBRARY_PATH</c>). Only the first engine of a process decides.
    /// </summary>
    public string? LibraryDirectory { get; init; }

    /// <summary>Host threads that libtorch computes with; 0 leaves the number to it. Counts for the whole process.</summary>
    public int Threads { get; init; }

    /// <summary>
    /// Most bytes that the temporary tensors of one pass may take; 0 sets no bound. Batches that would take more are computed in several
    /// passes, a sequence alone in any case in one.
    /// </summary>
    public long WorkspaceBytes { get; init; }

    /// <summary>
    /// The options that <c>ATLAS_TORCH_DEVICE</c>, <c>ATLAS_TORCH_DRAFT_DEVICE</c>, <c>ATLAS_TORCH_LIBRARY</c>, <c>ATLAS_TORCH_THREADS</c> and
    /// <c>ATLAS_TORCH_WORKSPACE</c> (in MB) ask for; what is not set keeps its default.
    /// </summary>
    /// <exception cref="ArgumentException">Threads or workspace are no number.</exception>
    public static TorchEngineOptions FromEnvironment()
    {
        var options = new TorchEngineOptions();
        if (Variable("ATLAS_TORCH_DEVICE") is { } device) options = options with { Device = device };
        if (Variable("ATLAS_TORCH_LIBRARY") is { } directory) options = options with { LibraryDirectory = directory };
        return options with
        {
            DraftDevice = Variable("ATLAS_TORCH_DRAFT_DEVICE"),
            Threads = Number("ATLAS_TORCH_THREADS", "a number of threads"),
            WorkspaceBytes = 1_000_000L * Number("ATLAS_TORCH_WORKSPACE", "a number of MB"),
        };
    }

    // 0 where the variable is not set.
    private static int Number(string name, string expected)
    {
        if (Variable(name) is not { } value) return 0;
        return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw new ArgumentException($"{name} is '{value}'; expected {expected}");
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
