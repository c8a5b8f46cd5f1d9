using Atlas.Controller.Latency;

namespace Atlas.Evaluation.Rollouts;

/// <summary>
/// What plain rollouts take on another machine. Without speculation the rows of every forward follow from the lengths alone, so nothing needs to
/// be computed again: samples join as <see cref="RolloutRunner"/> lets them, the first of a group reads the prompt, every live one has a row.
/// </summary>
public static class PlainPrice
{
    /// <summary>Seconds at the batch size that is best for plain decoding: powers of two, and all samples at once.</summary>
    /// <param name="requests">Samples of one group stand together.</param>
    /// <param name="lengths">Tokens of each sample.</param>
    /// <param name="profile">The machine's forwards.</param>
    public static double Best(IReadOnlyList<RolloutRequest> requests, IReadOnlyList<int> lengths, LatencyProfile profile)
    {
        double best = Seconds(requests, lengths, requests.Count, profile);
        for (int batch = 1; batch < requests.Count; batch *= 2) best = Math.Min(best, Seconds(requests, lengths, batch, profile));
        return best;
    }

    /// <summary>Seconds with at most so many samples at once.</summary>
    public static double Seconds(IReadOnlyList<RolloutRequest> requests, IReadOnlyList<int> lengths, int batch, LatencyProfile profile)
    {
        var latency = new TargetLatency(profile);
        var waiting = Enumerable.Range(0, requests.Count).ToList();
        List<int> live = [];
        int[] left = [.. lengths];
        HashSet<int> read = [];
        double seconds = 0;
        while (live.Count + waiting.Count > 0)
        {
            HashSet<int> reading = [];
            int rows = 0;
            for (int i = 0; i < waiting.Count && live.Count < batch;)
            {
                var request = requests[waiting[i]];
                if (reading.Contains(request.Group))
                {
                    i++;
                    continue;
                }
                // The prompt's last token is the sample's own row.
                if (!read.Contains(request.Group) && reading.Add(request.Group)) rows += request.Prompt.Length - 1;
                live.Add(waiting[i]);
                waiting.RemoveAt(i);
            }
            read.UnionWith(reading);
            seconds += latency.Seconds(rows + live.Count, 0);
            live.RemoveAll(sample => --left[sample] == 0);
        }
        return seconds;
    }
}
