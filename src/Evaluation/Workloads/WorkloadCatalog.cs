namespace Atlas.Evaluation.Workloads;

/// <summary>All workloads, by domain name.</summary>
public static class WorkloadCatalog
{
    /// <summary>Every workload there is, in a fixed order. The instances keep no state and may be shared by threads.</summary>
    public static IReadOnlyList<IWorkload> All { get; } =
    [
        new ToolCallWorkload(),
        new ArithmeticWorkload(),
        new ExtractionWorkload(),
        new CodeEditWorkload(),
        new SqlWorkload(),
        new CodeCompletionWorkload(),
        new LogsWorkload(),
        new ChatWorkload(),
    ];

    /// <summary>The domains that the small pair in <c>models/small</c> is trained on.</summary>
    public static IReadOnlyList<IWorkload> Small { get; } = [.. All.Take(4)];

    /// <summary>The workload of a domain.</summary>
    /// <param name="domain">A <see cref="IWorkload.Domain"/>, in its exact spelling.</param>
    /// <exception cref="ArgumentException">There is no such domain; the message lists those there are.</exception>
    public static IWorkload Get(string domain) =>
        All.FirstOrDefault(workload => workload.Domain == domain)
        ?? throw new ArgumentException(
            $"There is no workload domain '{domain}'; expected one of {string.Join(", ", All.Select(workload => workload.Domain))}.");
}
