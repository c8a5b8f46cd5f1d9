namespace Atlas.Evaluation.Workloads;

/// <summary>What the generators have in common: keyed random draws in, a finished item out.</summary>
internal abstract class Workload(string domain, bool singleAnswer, AnswerFormat format) : IWorkload
{
    /// <summary>The line between prompt and completion.</summary>
    public const string Marker = "\n>>>\n";

    private readonly ulong _stream = Partition.Hash(domain);

    /// <inheritdoc/>
    public string Domain => domain;

    /// <inheritdoc/>
    public bool SingleAnswer => singleAnswer;

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
