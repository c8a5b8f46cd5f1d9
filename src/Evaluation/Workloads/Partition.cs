namespace Atlas.Evaluation.Workloads;

/// <summary>
/// Divides all entities between the splits by a hash of their text: about a quarter is held out for evaluation. Entities are combinations
/// of common words (or digits), so that an evaluation entity is new to a model while its parts are not.
/// </summary>
internal static class Partition
{
    /// <summary>The split that may use an entity. Depends on the text alone, so it holds across domains, seeds and versions.</summary>
    public static Split Of(string entity) =>
        SplitMix64.Mix(Hash(entity)) % 4 == 0 ? Split.Evaluation : Split.Training;

    /// <summary>FNV-1a over the UTF-16 units of a text.</summary>
    public static ulong Hash(string text)
    {
        ulong hash = 0xCBF29CE484222325;
        foreach (char unit in text)
            hash = (hash ^ unit) * 0x100000001B3;
        return hash;
    }
}
