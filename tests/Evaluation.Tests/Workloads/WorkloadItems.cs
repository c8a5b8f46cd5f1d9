using Atlas.Evaluation.Workloads;

namespace Atlas.Evaluation.Tests.Workloads;

/// <summary>Items that tests look at, half of them of each split.</summary>
internal static class WorkloadItems
{
    public static IEnumerable<WorkloadItem> Of(string domain, int count) =>
        Enum.GetValues<Split>().SelectMany(split =>
            Enumerable.Range(0, count / 2).Select(i => WorkloadCatalog.Get(domain).Item(split, seed: 11, i)));
}
