using Atlas.Core.Decoding;
using Atlas.Core.Sampling;
using Atlas.Engine;
using Atlas.Modeling.Engine;
using Atlas.Target;

namespace Atlas.Evaluation.Scoring;

/// <summary>
/// Completes held-out tasks with a target, several at once, greedily and at temperature 1, and scores what comes out and what was expected.
/// </summary>
/// <param name="target">Whose completions; must allow one more sequence than <paramref name="batch"/>.</param>
/// <param name="draft">Its draft model, scored on the expected completions too; null for none.</param>
/// <param name="batch">Most tasks completed at once.</param>
public sealed class CompletionScoring(IDecoder target, IDecoder? draft, int batch)
{
    private readonly SpeculativeDecoder _plain =
        new(new TargetModel(target, 0), new NoSpeculator(), new FixedPlanner(default), new CoupledVerifier());

    private readonly SequenceScorer _scorer = new(target);
    private readonly SequenceScorer? _draftScorer = draft is null ? null : new SequenceScorer(draft);

    /// <summary>Scores tasks.</summary>
    /// <param name="prompts">The tasks, of one domain.</param>
    /// <param name="greedy">Takes the tokens of every greedy completion, in order; null for nobody.</param>
    public CompletionScore Score(IReadOnlyList<HeldOutPrompt> prompts, Action<HeldOutPrompt, ReadOnlyMemory<int>>? greedy = null)
    {
        var score = new CompletionScore();
        foreach (var (prompt, completed) in Complete(prompts, temperature: 0))
        {
            score.AddGreedy(completed, prompt.Request);
            greedy?.Invoke(prompt, completed.Output.ToArray());
        }
        foreach (var (prompt, completed) in Complete(prompts, temperature: 1))
            score.AddSampled(_scorer.Score(prompt.Prompt, completed.Output));
        foreach (var prompt in prompts)
        {
            score.AddExpected(Expected(_scorer, target, prompt));
            if (_draftScorer is not null) score.AddDraftExpected(Expected(_draftScorer, draft!, prompt));
        }
        return score;
    }

    // As much of the completion as the context holds.
    private static SequenceScore Expected(SequenceScorer scorer, IDecoder decoder, HeldOutPrompt prompt)
    {
        int room = decoder.Options.ContextLength - prompt.Prompt.Length;
        return room < 1 ? default : scorer.Score(prompt.Prompt, prompt.Completion.AsSpan(0, Math.Min(room, prompt.Completion.Length)));
    }

    private List<(HeldOutPrompt Prompt, DecodeSequence Completed)> Complete(IReadOnlyList<HeldOutPrompt> prompts, float temperature)
    {
        var decoder = new BatchDecoder(_plain, batch);
        var all = new List<(HeldOutPrompt, DecodeSequence)>();
        foreach (var prompt in prompts)
        {
            var sampling = new SamplingOptions { Temperature = temperature, Seed = prompt.Request.Sampling.Seed };
            var stop = new StopRules(prompt.Request.MaxTokens, target.Config.EndTokens);
            var sequence = new DecodeSequence(all.Count, prompt.Prompt, sampling, stop, draftCapacity: 0);
            all.Add((prompt, sequence));
            decoder.Add(sequence);
        }
        decoder.Run();
        return all;
    }
}
