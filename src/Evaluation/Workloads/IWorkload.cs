namespace Atlas.Evaluation.Workloads;

/// <summary>
/// A seeded generator of prompt and completion pairs of one domain. Items are a pure function of split, seed and index, the same on every
/// machine, so they can be drawn in any order and by several threads at once.
/// </summary>
public interface IWorkload
{
    /// <summary>The domain's name in <see cref="WorkloadCatalog"/>, in reports and as a namespace: lower case, no blanks.</summary>
    string Domain { get; }

    /// <summary>
    /// Whether a prompt has one right answer. Exact match is a meaningful score only where this is true; elsewhere the completion is one
    /// good answer among several.
    /// </summary>
    bool SingleAnswer { get; }

    /// <summary>
    /// Whether most of a completion is copied from its prompt: more than half of its pieces (words, digits, punctuation marks) lie in runs of
    /// four pieces that stand in the prompt as well. Such a completion can be drafted from the prompt alone; the others must be learnt.
    /// </summary>
    bool CopyLike { get; }

    /// <summary>Generates one item.</summary>
    /// <param name="split">Training or evaluation items.</param>
    /// <param name="seed">Any value; different seeds give unrelated streams.</param>
    /// <param name="index">The item's place in the stream, zero or more. A stream has no end; items may repeat, rarely.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is negative.</exception>
    WorkloadItem Item(Split split, ulong seed, long index);
}
