using Atlas.Evaluation.Workloads;

namespace Atlas.Evaluation.Scenarios;

/// <summary>
/// Traffic that shifts under a running system: a domain that the draft model knows, one it has not seen, another unseen one, and back to the
/// first.
/// </summary>
/// <param name="Phases">In order; the last one's domain is the first one's.</param>
public sealed record DemoScenario(IReadOnlyList<ScenarioPhase> Phases)
{
    /// <summary>Chooses the domains from what the models were trained on.</summary>
    /// <param name="known">Domains that the target knows, at least three.</param>
    /// <param name="seen">Domains that the draft model was trained on; null where that is not known.</param>
    /// <exception cref="ArgumentException">The target knows too few domains.</exception>
    public static DemoScenario Choose(IReadOnlyList<string> known, IReadOnlyList<string>? seen)
    {
        string[] domains = [.. known.Distinct()];
        if (domains.Length < 3) throw new ArgumentException($"the target knows {domains.Length} domains; expected 3 or more", nameof(known));
        string home = domains.FirstOrDefault(domain => seen?.Contains(domain) ?? true) ?? domains[0];
        // Where the draft model has seen nearly all, the shift goes to what it has seen too.
        var others = domains.Where(domain => domain != home).OrderBy(domain => seen?.Contains(domain) ?? false).Take(2);
        return Of([home, .. others], seen);
    }

    /// <summary>A scenario of named domains.</summary>
    /// <param name="domains">First home, then where the traffic shifts to; it returns home at the end.</param>
    /// <param name="seen">Domains that the draft model was trained on; null where that is not known.</param>
    /// <exception cref="ArgumentException">There is no such domain, or only one.</exception>
    public static DemoScenario Of(IReadOnlyList<string> domains, IReadOnlyList<string>? seen)
    {
        if (domains.Count < 2) throw new ArgumentException($"{domains.Count} domains; expected a first one and 1 or more to shift to", nameof(domains));
        foreach (string domain in domains) _ = WorkloadCatalog.Get(domain);
        var phases = domains.Append(domains[0]).Select(domain => new ScenarioPhase(domain, seen?.Contains(domain), domain != domains[0]));
        return new DemoScenario([.. phases]);
    }
}
