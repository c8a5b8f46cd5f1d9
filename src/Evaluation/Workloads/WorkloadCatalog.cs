namespace Atlas.Evaluation.Workloads;

/// <summary>All workloads, by domain name.</summary>
public static class WorkloadCatalog
{
    /// <summary>
    /// The workloads of the reference pair, in a fixed order. The instances, here and below, keep no state and may be shared by threads.
    /// </summary>
    public static IReadOnlyList<IWorkload> Reference { get; } =
    [
        new ToolCallWorkload(),
        new ExtractionWorkload(),
        new CodeEditWorkload(),
        new ChatWorkload(),
        new SqlWorkload(),
        new CodeCompletionWorkload(),
        new LogsWorkload(),
        new ArithmeticWorkload(),
    ];

    /// <summary>
    /// The workloads of the small pair in <c>models/small</c>: shorter forms of four domains. Their text is what that pair was trained on.
    /// </summary>
    public static IReadOnlyList<IWorkload> Small { get; } =
        [new ShortToolCallWorkload(), new ShortArithmeticWorkload(), new ShortExtractionWorkload(), new ShortCodeEditWorkload()];

    /// <summary>Every workload there is: those above, and <c>sorting</c>, which no shipped pair has seen.</summary>
    public static IReadOnlyList<IWorkload> All { get; } = [.. Reference, .. Small, new SortingWorkload()];

    /// <summary>The workload of a domain.</summary>
    /// <param name="domain">A <see cref="IWorkload.Domain"/>, in its exact spelling.</param>
    /// <exception cref="ArgumentException">There is no such domain; the message lists those there are.</exception>
    public static IWorkload Get(string domain) =>
        All.FirstOrDefault(workload => workload.Domain == domain)
        ?? throw new ArgumentException(
            $"There is no workload domain '{domain}'; expected one of {string.Join(", ", All.Select(workload => workload.Domain))}.");
}
