namespace Atlas.Evaluation.Workloads;

/// <summary>What the generators have in common: keyed random draws in, a finished item out.</summary>
/// <param name="domain">See <see cref="IWorkload.Domain"/>.</param>
/// <param name="singleAnswer">See <see cref="IWorkload.SingleAnswer"/>.</param>
/// <param name="copyLike">See <see cref="IWorkload.CopyLike"/>.</param>
/// <param name="format">How answers are compared.</param>
/// <param name="stream">Names the stream of random draws where that is not the domain's name.</param>
internal abstract class Workload(string domain, bool singleAnswer, bool copyLike, AnswerFormat format, string? stream = null) : IWorkload
{
    /// <summary>The line between prompt and completion.</summary>
    public const string Marker = "\n>>>\n";

    private readonly ulong _stream = Partition.Hash(stream ?? domain);

    /// <inheritdoc/>
    public string Domain => domain;

    /// <inheritdoc/>
    public bool SingleAnswer => singleAnswer;

    /// <inheritdoc/>
    public bool CopyLike => copyLike;

    /// <inheritdoc/>
    public WorkloadItem Item(Split split, ulong seed, long index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        var draw = new ItemDraw(split, seed, _stream, index);
        var (prompt, completion) = Generate(draw);
        return new WorkloadItem
        {
            Domain = domain,
            Prompt = prompt + Marker,
            Completion = completion,
            Format = format,
            Entities = draw.Entities,
            Phrases = draw.Phrases,
        };
    }

    /// <summary>Makes one task from the given draws and nothing else.</summary>
    /// <returns>The prompt without its closing marker, and the completion.</returns>
    protected abstract (string Prompt, string Completion) Generate(ItemDraw draw);
}
