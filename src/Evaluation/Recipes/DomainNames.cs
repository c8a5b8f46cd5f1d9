using Atlas.Evaluation.Workloads;

namespace Atlas.Evaluation.Recipes;

/// <summary>Checks the domain names of a recipe.</summary>
internal static class DomainNames
{
    public static string? Fault(string key, IReadOnlyList<string> names)
    {
        if (names.Count == 0) return $"{key} is empty; expected at least one domain";
        var known = WorkloadCatalog.All.Select(w => w.Domain).ToList();
        // A list in JSON may hold null, which is no name either.
        int unknown = names.ToList().FindIndex(name => !known.Contains(name));
        return unknown < 0 ? null : $"{key} has '{names[unknown] ?? "null"}'; expected some of {string.Join(", ", known)}";
    }
}
