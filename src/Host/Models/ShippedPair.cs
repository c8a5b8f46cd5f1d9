using Atlas.Host.CommandLine;

namespace Atlas.Host.Models;

/// <summary>Where the model pair lies that ships with Atlas and runs where no other is named.</summary>
/// <param name="Target">Directory of the target.</param>
/// <param name="Draft">Directory of the draft model.</param>
internal sealed record ShippedPair(string Target, string Draft)
{
    // The first that is there.
    private static readonly string[] Folders = ["models/reference", "models/small"];

    /// <summary>
    /// Looks for <c>models/reference</c> in the working directory and above it, then in the program's directory and above it; after that in
    /// the same way for <c>models/small</c>. A pair is there when both models' weights are.
    /// </summary>
    public static ShippedPair Find() => FindIn(ShippedPath.Places)
        ?? throw new UsageException($"neither {string.Join(" nor ", Folders)} is in the working directory nor above it; expected --target DIR");

    /// <summary>The pair found from some directories upwards; null where there is none.</summary>
    internal static ShippedPair? Find(IReadOnlyList<string> starts) => FindIn(ShippedPath.PlacesFrom(starts));

    private static ShippedPair? FindIn(IEnumerable<string> places) => Folders
        .SelectMany(folder => places.Select(place => new ShippedPair(Path.Combine(place, folder, "target"), Path.Combine(place, folder, "draft"))))
        .FirstOrDefault(pair => HasWeights(pair.Target) && HasWeights(pair.Draft));

    private static bool HasWeights(string directory) => File.Exists(Path.Combine(directory, "config.json"))
        && (File.Exists(Path.Combine(directory, "model.safetensors")) || File.Exists(Path.Combine(directory, "model.safetensors.index.json")));
}
