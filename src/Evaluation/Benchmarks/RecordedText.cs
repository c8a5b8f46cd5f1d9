using Atlas.Evaluation.Workloads;
using Atlas.Modeling.Tokenization;

namespace Atlas.Evaluation.Benchmarks;

/// <summary>Tokenized texts, each of a prompt and what was written after it.</summary>
/// <param name="texts">The tokens of each, and how many of them are the prompt.</param>
public sealed class RecordedText(IReadOnlyList<(int[] Tokens, int Prompt)> texts)
{
    /// <summary>How many texts there are.</summary>
    public int Count => texts.Count;

    /// <summary>Prompts and completions of all workloads in turn, until they have at least <paramref name="tokens"/> tokens.</summary>
    public static RecordedText FromWorkloads(Tokenizer tokenizer, long tokens, ulong seed)
    {
        var texts = new List<(int[], int)>();
        var buffer = new List<int>();
        long total = 0;
        for (long index = 0; total < tokens; index++)
            foreach (var workload in WorkloadCatalog.All)
            {
                var item = workload.Item(Workloads.Split.Evaluation, seed, index);
                buffer.Clear();
                tokenizer.Encode(item.Prompt, addSpecialTokens: true, buffer);
                int prompt = buffer.Count;
                tokenizer.Encode(item.Completion, addSpecialTokens: false, buffer);
                if (buffer.Count == prompt) continue;
                texts.Add(([.. buffer], prompt));
                total += buffer.Count;
            }
        return new RecordedText(texts);
    }

    /// <summary>All tokens of a text.</summary>
    /// <exception cref="ArgumentException">There are not so many texts.</exception>
    public ReadOnlySpan<int> Text(int index) => Get(index).Tokens;

    /// <summary>A text's prompt and what follows it.</summary>
    /// <exception cref="ArgumentException">There are not so many texts.</exception>
    public (int[] Prompt, int[] Output) Split(int index)
    {
        var (tokens, prompt) = Get(index);
        return (tokens[..prompt], tokens[prompt..]);
    }

    private (int[] Tokens, int Prompt) Get(int index) =>
        index < texts.Count ? texts[index] : throw new ArgumentException($"text {index} of {texts.Count} recorded ones; record more tokens");
}
