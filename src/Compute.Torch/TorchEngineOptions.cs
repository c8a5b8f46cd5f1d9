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
}
