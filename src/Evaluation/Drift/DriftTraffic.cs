using Atlas.Core.Sampling;
using Atlas.Evaluation.Traces;
using Atlas.Evaluation.Workloads;

namespace Atlas.Evaluation.Drift;

/// <summary>
/// The requests of a scenario, one after the other: prompts of its workloads with the completions that are expected of a model. A pure function of
/// scenario and seed; every item is an evaluation item, and none comes twice unless a session asks again.
/// </summary>
public static class DriftTraffic
{
    private const ulong Stream = 0xD21F7;

    /// <summary>All requests, in the order of arrival.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="seed">Any value; those that the scenario names are meant.</param>
    public static IEnumerable<TraceRequest> Generate(DriftScenario scenario, ulong seed)
    {
        double arrival = 0;
        ulong number = 0;
        var next = new Dictionary<string, long>();
        foreach (var phase in scenario.Phases)
        {
            var session = new DriftSession(phase);
            for (int i = 0; i < phase.Requests; i++, number++)
            {
                var draws = new DriftDraws(seed, Stream, number);
                arrival += Gap(scenario.Arrivals, phase.RatePerSecond, draws);
                if (i % phase.Turns == 0) session = new DriftSession(phase);
                var (prompt, item) = session.Next(draws, () => Item(phase, i, seed, next, draws));
                string completion = WordNoise.Apply(item.Completion, phase.Noise, draws);
                session.Said(prompt, completion);
                yield return new TraceRequest
                {
                    ArrivalSeconds = arrival,
                    Namespace = phase.Namespace ?? item.Domain,
                    Domain = item.Domain,
                    Class = phase.Class,
                    Prompt = TraceText.Of(prompt),
                    Completion = TraceText.Of(completion),
                    Sampling = phase.Temperature == 0
                        ? null
                        : new TraceSampling(new SamplingOptions { Temperature = Math.Max(phase.Temperature, SamplingOptions.LowestTemperature), Seed = number }),
                };
            }
        }
    }

    private static double Gap(ArrivalProcess process, double rate, DriftDraws draws) => process switch
    {
        ArrivalProcess.Poisson => -Math.Log(1 - draws.Uniform()) / rate,
        ArrivalProcess.Even => 1 / rate,
        _ => 0,
    };

    // The next unused item of a domain that is drawn from the mix at this place of the phase.
    private static WorkloadItem Item(DriftPhase phase, int at, ulong seed, Dictionary<string, long> next, DriftDraws draws)
    {
        string domain = Domain(phase, phase.Requests == 1 ? 0 : (double)at / (phase.Requests - 1), draws.Uniform());
        long index = next.GetValueOrDefault(domain);
        next[domain] = index + 1;
        return WorkloadCatalog.Get(domain).Item(Split.Evaluation, seed, index);
    }

    private static string Domain(DriftPhase phase, double part, double uniform)
    {
        string[] names = [.. phase.Domains.Keys.Union(phase.DomainsAtEnd?.Keys ?? []).Order(StringComparer.Ordinal)];
        double[] weights = [.. names.Select(name => Weight(phase.Domains, name) * (phase.DomainsAtEnd is null ? 1 : 1 - part)
            + (phase.DomainsAtEnd is { } end ? Weight(end, name) * part : 0))];
        double rest = uniform * weights.Sum();
        for (int i = 0; i < names.Length; i++)
            if ((rest -= weights[i]) < 0)
                return names[i];
        return names[Array.FindLastIndex(weights, weight => weight > 0)];
    }

    private static double Weight(IReadOnlyDictionary<string, double> weights, string name) =>
        weights.TryGetValue(name, out double weight) ? weight / weights.Values.Sum() : 0;
}
