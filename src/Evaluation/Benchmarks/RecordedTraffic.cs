using Atlas.Evaluation.Workloads;
using Atlas.Modeling.Tokenization;

namespace Atlas.Evaluation.Benchmarks;

/// <summary>Recorded requests in the order in which they were served.</summary>
public static class RecordedTraffic
{
    /// <summary>Requests of one domain after the other: each domain until it has emitted so many tokens. The same seed gives the same stream.</summary>
    /// <param name="tokenizer">Of the target.</param>
    /// <param name="domains">Domains of <see cref="WorkloadCatalog"/> in turn; one may come again, with other items.</param>
    /// <param name="tokens">Emitted tokens of each.</param>
    /// <param name="seed">Of the items.</param>
    public static IReadOnlyList<RecordedRequest> Shifting(Tokenizer tokenizer, IReadOnlyList<string> domains, int tokens, ulong seed)
    {
        var requests = new List<RecordedRequest>();
        for (int phase = 0; phase < domains.Count; phase++)
        {
            var workload = WorkloadCatalog.Get(domains[phase]);
            int emitted = 0;
            for (long index = 0; emitted < tokens; index++)
            {
                var item = workload.Item(Split.Evaluation, seed + (ulong)phase, index);
                int[] prompt = tokenizer.Encode(item.Prompt, addSpecialTokens: false), output = tokenizer.Encode(item.Completion, addSpecialTokens: false);
                if (output.Length < 2) continue;
                requests.Add(new RecordedRequest($"{domains[phase]} {phase + 1}", prompt, output));
                emitted += output.Length;
            }
        }
        return requests;
    }

    /// <summary>Files as requests: the beginning of each is the prompt, what follows was written.</summary>
    /// <param name="tokenizer">Of the target.</param>
    /// <param name="files">The files.</param>
    /// <param name="prompt">Tokens of a prompt.</param>
    /// <param name="output">Most tokens written after it.</param>
    public static IReadOnlyList<RecordedRequest> Files(Tokenizer tokenizer, IEnumerable<string> files, int prompt, int output)
    {
        var requests = new List<RecordedRequest>();
        foreach (string file in files)
        {
            int[] tokens = tokenizer.Encode(File.ReadAllText(file), addSpecialTokens: false);
            if (tokens.Length < prompt + 2) continue;
            requests.Add(new RecordedRequest("files", tokens[..prompt], tokens[prompt..Math.Min(tokens.Length, prompt + output)]));
        }
        return requests;
    }
}
