using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Core.Sampling;
using Atlas.Engine.Tests.Fakes;

namespace Atlas.Engine.Tests;

/// <summary>The step against a scripted target that would write 10 11 12 13 ... after the prompt 1 2 3.</summary>
public sealed class SpeculativeDecoderTests
{
    private readonly ScriptedTarget _target = new(0, 0, 0, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19);
    private readonly RecordingObserver _observer = new();

    [Fact]
    public void A_perfect_draft_is_accepted_whole_with_a_bonus_token()
    {
        var sequence = Step(Sequence(), ScriptedSpeculator.Chain(10, 11, 12));
        AssertStep(sequence, output: [10, 11, 12, 13], accepted: [10, 11, 12], commit: "commit 1: 0 1 2", drafted: 3);
    }

    [Fact]
    public void A_draft_is_accepted_up_to_its_first_mismatch_which_is_recovered()
    {
        var sequence = Step(Sequence(), ScriptedSpeculator.Chain(10, 11, 99, 13));
        AssertStep(sequence, output: [10, 11, 12], accepted: [10, 11], commit: "commit 1: 0 1", drafted: 4);
    }

    [Fact]
    public void A_draft_wrong_from_the_start_costs_nothing_but_its_rows()
    {
        var sequence = Step(Sequence(), ScriptedSpeculator.Chain(99, 11, 12));
        AssertStep(sequence, output: [10], accepted: [], commit: "commit 1: ", drafted: 3);
    }

    [Fact]
    public void An_empty_draft_is_plain_decoding()
    {
        var sequence = Step(Sequence(), new NoSpeculator());
        AssertStep(sequence, output: [10], accepted: [], commit: "commit 1: ", drafted: 0);
    }

    [Fact]
    public void The_branch_of_a_tree_that_the_target_takes_is_accepted()
    {
        var sequence = Step(Sequence(), new ScriptedSpeculator(s =>
        {
            s.Draft.Add(98, DraftTree.Root, 0.9f);
            s.Draft.Add(11, 0, 0.9f);
            s.Draft.Add(10, DraftTree.Root, 0.1f);
            s.Draft.Add(97, 2, 0.6f);
            s.Draft.Add(11, 2, 0.3f);
            s.Draft.Add(13, 3, 0.3f);
            s.Draft.Add(99, 4, 0.3f);
        }));
        AssertStep(sequence, output: [10, 11, 12], accepted: [10, 11], commit: "commit 1: 2 4", drafted: 7);
    }

    [Fact]
    public void An_end_token_inside_an_accepted_path_ends_the_sequence_there()
    {
        var sequence = Step(Sequence(end: 11), ScriptedSpeculator.Chain(10, 11, 12, 13));
        Assert.Equal(FinishReason.EndToken, sequence.Finish);
        AssertStep(sequence, output: [10, 11], accepted: [10, 11], commit: "commit 1: 0", drafted: 2);
    }

    [Fact]
    public void A_recovered_token_can_end_the_sequence()
    {
        var sequence = Step(Sequence(end: 11), ScriptedSpeculator.Chain(10, 99, 12));
        Assert.Equal(FinishReason.EndToken, sequence.Finish);
        AssertStep(sequence, output: [10, 11], accepted: [10], commit: "commit 1: 0", drafted: 3);
    }

    [Fact]
    public void The_token_limit_inside_an_accepted_path_ends_the_sequence_there()
    {
        // This speculator drafts beyond its budget of one token: the limit holds all the same.
        var sequence = Step(Sequence(maxTokens: 2), ScriptedSpeculator.Chain(10, 11, 12, 13));
        Assert.Equal(FinishReason.Length, sequence.Finish);
        AssertStep(sequence, output: [10, 11], accepted: [10, 11], commit: "commit 1: 0", drafted: 2);
    }

    [Fact]
    public void A_stop_string_inside_an_accepted_path_ends_the_sequence_and_sees_nothing_behind_it()
    {
        var matcher = new PhraseMatcher(11, 12);
        var sequence = Step(Sequence(matcher: matcher), ScriptedSpeculator.Chain(10, 11, 12, 13, 14));
        Assert.Equal(FinishReason.StopString, sequence.Finish);
        AssertStep(sequence, output: [10, 11, 12], accepted: [10, 11, 12], commit: "commit 1: 0 1", drafted: 3);
        Assert.Equal([10, 11, 12], matcher.Pushed);
    }

    [Fact]
    public void Penalty_counts_hold_what_was_emitted_and_nothing_behind_the_end()
    {
        var options = new SamplingOptions { FrequencyPenalty = 1f };
        var sequence = new DecodeSequence(1, [1, 2, 3], options, new StopRules(10, [11]), 8);
        Step(sequence, ScriptedSpeculator.Chain(10, 11, 12, 13));
        Assert.Equal(5, sequence.Sampling.Counts.Distinct);
    }

    [Fact]
    public void Log_probabilities_are_those_of_the_target_at_each_position()
    {
        var sequence = Step(Sequence(), ScriptedSpeculator.Chain(10, 11));
        Assert.Equal([-0.01f * 3, -0.01f * 4, -0.01f * 5], sequence.OutputLogProbs.ToArray());
    }

    [Fact]
    public void A_draft_leaves_room_for_the_targets_own_token()
    {
        var speculator = ScriptedSpeculator.Chain();
        var decoder = Decoder(speculator, new DraftBudget(6, 12, 3));
        var sequence = Sequence(maxTokens: 4);
        for (int i = 0; i < 4; i++) decoder.Step([sequence]);
        Assert.Equal([3, 2, 1, 0], speculator.Budgets.Select(b => b.Depth));
    }

    [Fact]
    public void A_budget_is_cut_to_what_target_and_tree_hold()
    {
        var speculator = ScriptedSpeculator.Chain();
        Decoder(speculator, new DraftBudget(30, 60, 2)).Step([Sequence(maxTokens: 100)]);
        Assert.Equal(new DraftBudget(8, 8, 2), speculator.Budgets[0]);
        var small = new ScriptedTarget(1) { MaxDraftNodes = 5 };
        new SpeculativeDecoder(small, speculator, new FixedPlanner(new DraftBudget(3, 60, 2)), new CoupledVerifier()).Step([Sequence(maxTokens: 100)]);
        Assert.Equal(new DraftBudget(3, 5, 2), speculator.Budgets[1]);
    }

    [Fact]
    public void While_a_prompt_is_being_read_nothing_is_drafted_emitted_or_observed()
    {
        var speculator = ScriptedSpeculator.Chain();
        var decoder = Decoder(speculator, DraftBudget.Chain(4));
        var (reading, decoding) = (Sequence(id: 1), Sequence(id: 2));
        _target.StillReading.Add(1);
        decoder.Step([reading, decoding]);
        Assert.Equal([DraftBudget.None, DraftBudget.Chain(4)], speculator.Budgets);
        Assert.Empty(reading.Output.ToArray());
        Assert.Equal(0, reading.Statistics.Forwards);
        Assert.Equal([2L], _observer.Heard.Select(h => h.Id));
        _target.StillReading.Clear();
        decoder.Step([reading, decoding]);
        Assert.Equal([10], reading.Output.ToArray());
        Assert.Equal([10, 11], decoding.Output.ToArray());
    }

    [Fact]
    public void Steps_follow_each_other_until_the_text_is_written()
    {
        // Drafts that are right, wrong in the middle, and too long, in turn.
        int step = 0;
        var speculator = new ScriptedSpeculator(s =>
        {
            int[] draft = (step++ % 3) switch { 0 => [0, 0], 1 => [0, -5, 0], _ => [0, 0, 0, 0] };
            for (int i = 0; i < Math.Min(draft.Length, s.Budget.Depth); i++) s.Draft.Add(7 + s.Length + i + draft[i], i - 1, 1f);
        });
        var decoder = Decoder(speculator, DraftBudget.Chain(4));
        var sequence = Sequence(maxTokens: 9);
        while (sequence.Finish is null) decoder.Step([sequence]);
        Assert.Equal(Enumerable.Range(10, 9), sequence.Output.ToArray());
        Assert.Equal(9, sequence.Statistics.Emitted);
        Assert.Equal(9, _observer.Heard.Sum(h => h.Emitted));
        Assert.Equal(sequence.Length - 1, _target.Cached(sequence));
    }

    [Fact]
    public void All_observers_hear_of_a_step()
    {
        var (one, other) = (new RecordingObserver(), new RecordingObserver());
        var decoder = new SpeculativeDecoder(
            _target, ScriptedSpeculator.Chain(10, 99), new FixedPlanner(DraftBudget.Chain(2)), new CoupledVerifier(), new VerificationObservers(one, other));
        decoder.Step([Sequence()]);
        Assert.Equal([1L], one.Heard.Select(h => h.Id));
        Assert.Equal(one.Heard[0].Output, other.Heard[0].Output);
    }

    [Fact]
    public void A_node_behind_which_nothing_can_be_drawn_is_never_accepted()
    {
        var sequence = Sequence();
        sequence.Draft.Add(10, DraftTree.Root, 1f);
        sequence.Draft.Add(11, 0, 1f);
        (sequence.Verified[0], sequence.Verified[1], sequence.Verified[2]) = (new(10, 0, 0), new(11, 0, 0), new(-1, 0, 0));
        var (path, emitted) = (new int[8], new SampledToken[9]);
        Assert.Equal(1, new CoupledVerifier().Verify(sequence, path, emitted));
        Assert.Equal([10, 11], emitted[..2].Select(e => e.Token));
    }

    [Fact]
    public void Release_reaches_target_and_speculator()
    {
        var speculator = ScriptedSpeculator.Chain();
        Decoder(speculator, DraftBudget.None).Release(Sequence());
        Assert.Equal(["release 1"], _target.Log);
        Assert.Equal([1L], speculator.Released);
    }

    private SpeculativeDecoder Decoder(ISpeculator speculator, DraftBudget budget) =>
        new(_target, speculator, new FixedPlanner(budget), new CoupledVerifier(), _observer);

    private DecodeSequence Step(DecodeSequence sequence, ISpeculator speculator)
    {
        Decoder(speculator, DraftBudget.Chain(8)).Step([sequence]);
        return sequence;
    }

    private void AssertStep(DecodeSequence sequence, int[] output, int[] accepted, string commit, int drafted)
    {
        Assert.Equal(output, sequence.Output.ToArray());
        var (id, heardAccepted, emitted, heardOutput) = Assert.Single(_observer.Heard);
        Assert.Equal((sequence.Id, output.Length), (id, emitted));
        Assert.Equal(accepted, heardAccepted);
        Assert.Equal(output, heardOutput);
        Assert.Equal([commit], _target.Log);
        var statistics = sequence.Statistics;
        Assert.Equal(
            (1L, (long)output.Length, (long)drafted, (long)accepted.Length),
            (statistics.Forwards, statistics.Emitted, statistics.Drafted, statistics.Accepted));
    }

    private static DecodeSequence Sequence(int maxTokens = 10, int end = -1, IStopMatcher? matcher = null, long id = 1) =>
        new(id, [1, 2, 3], SamplingOptions.Greedy, new StopRules(maxTokens, [end], matcher), 8);
}
