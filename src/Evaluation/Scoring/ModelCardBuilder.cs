using Atlas.Evaluation.Comparison;

namespace Atlas.Evaluation.Scoring;

/// <summary>Puts a model card together, domain by domain.</summary>
/// <param name="scoring">Completes and scores.</param>
/// <param name="comparison">Decodes the timed tasks with plain decoding and static speculation in turns; null without a draft model.</param>
/// <param name="seenByDraft">Domains that the draft model was trained on; null where that is not known.</param>
public sealed class ModelCardBuilder(CompletionScoring scoring, StrategyComparison? comparison, IReadOnlyList<string>? seenByDraft)
{
    /// <summary>Name of plain decoding in the comparison.</summary>
    public const string Plain = "plain";

    /// <summary>Name of static speculation in the comparison.</summary>
    public const string Static = "static";

    private readonly List<CardRow> _rows = [];
    private readonly List<CardSample> _samples = [];
    private int _turn;

    /// <summary>Adds a domain.</summary>
    /// <param name="domain">Its name.</param>
    /// <param name="prompts">Its tasks; the first one becomes the card's sample.</param>
    /// <param name="timed">How many of them are decoded in turns with and without speculation.</param>
    /// <param name="decode">Turns tokens into text.</param>
    /// <returns>Its row.</returns>
    public CardRow Add(string domain, IReadOnlyList<HeldOutPrompt> prompts, int timed, Func<ReadOnlyMemory<int>, string> decode)
    {
        bool sampled = false;
        var score = scoring.Score(prompts, (prompt, tokens) =>
        {
            if (!sampled) _samples.Add(new CardSample(domain, prompt.Item.Prompt, decode(tokens), prompt.Item.Completion));
            sampled = true;
        });
        if (comparison is not null)
            foreach (var prompt in prompts.Take(timed))
                comparison.Decode(prompt.Request, _turn++);
        var row = Row(domain, seenByDraft?.Contains(domain), [domain], score);
        _rows.Add(row);
        return row;
    }

    /// <summary>The card of all domains added.</summary>
    public ModelCard Build()
    {
        var totals = new List<CardRow>();
        if (_rows.Exists(row => row.SeenByDraft == true) && _rows.Exists(row => row.SeenByDraft == false))
        {
            totals.Add(Total("seen by the draft", true, _rows.FindAll(row => row.SeenByDraft == true)));
            totals.Add(Total("unseen by the draft", false, _rows.FindAll(row => row.SeenByDraft == false)));
        }
        totals.Add(Total("all", null, _rows));
        return new ModelCard(_rows, totals, _samples, comparison?.Differences.Count ?? 0);
    }

    private CardRow Total(string name, bool? seen, List<CardRow> rows)
    {
        var sum = new CompletionScore();
        foreach (var row in rows) sum.Add(row.Completions);
        return Row(name, seen, [.. rows.Select(row => row.Name)], sum);
    }

    private CardRow Row(string name, bool? seen, IReadOnlyList<string> domains, CompletionScore score) =>
        new(name, seen, score, comparison?.Total(Plain, domains), comparison?.Total(Static, domains));
}
