using Atlas.Controller.Traffic;

namespace Atlas.Controller.Tests.Traffic;

/// <summary>Prompts of made-up applications: a template of words of its own, filled with words that all share.</summary>
public sealed class RequestKindsTests
{
    private readonly Random _random = new(3);
    private readonly TrafficState _all = new(PlannerRig.Options(speculators: 2));
    private readonly RequestKinds _kinds = new(12);

    [Fact]
    public void Prompts_of_one_form_become_one_kind_and_find_it_again_after_others()
    {
        var first = Settle(form: 1);
        var second = Settle(form: 2);
        Assert.NotSame(first, second);
        for (int i = 0; i < 200; i++) Assert.Same(second, _kinds.Of(Prompt(2), _all));
        for (int i = 0; i < 20; i++) Assert.Same(first, _kinds.Of(Prompt(1), _all));
    }

    [Fact]
    public void Mixed_forms_are_told_apart()
    {
        var kinds = Enumerable.Range(0, 5).Select(Settle).ToArray();
        int right = 0;
        for (int i = 0; i < 200; i++)
        {
            int form = _random.Next(5);
            if (_kinds.Of(Prompt(form), _all) == kinds[form]) right++;
        }
        Assert.InRange(right, 195, 200);
    }

    [Fact]
    public void A_kind_needs_three_requests_and_until_then_all_traffic_stands_for_it()
    {
        Assert.Same(_all, _kinds.Of(Prompt(1), _all));
        Assert.Same(_all, _kinds.Of(Prompt(1), _all));
        Assert.False(_kinds.Any);
        Assert.NotSame(_all, _kinds.Of(Prompt(1), _all));
        Assert.True(_kinds.Any);
    }

    [Fact]
    public void Prompts_that_resemble_nothing_make_no_kind_and_push_none_out()
    {
        var known = Settle(form: 1);
        for (int i = 0; i < 500; i++) Assert.Same(_all, _kinds.Of(Noise(60), _all));
        Assert.Same(known, _kinds.Of(Prompt(1), _all));
    }

    [Fact]
    public void Prompts_that_are_too_short_and_namespaces_without_kinds_are_one_traffic()
    {
        for (int i = 0; i < 10; i++) Assert.Same(_all, _kinds.Of([1, 2, 3], _all));
        for (int i = 0; i < 10; i++) Assert.Same(_all, _kinds.Of([], _all));
        var none = new RequestKinds(0);
        for (int i = 0; i < 10; i++) Assert.Same(_all, none.Of(Prompt(1), _all));
    }

    [Fact]
    public void Where_there_are_too_many_kinds_the_one_not_used_for_longest_goes()
    {
        var kinds = new RequestKinds(4);
        for (int form = 0; form < 6; form++)
            for (int i = 0; i < 5; i++)
                kinds.Of(Prompt(form), _all);
        Assert.NotSame(_all, kinds.Of(Prompt(5), _all));
        Assert.Same(_all, kinds.Of(Prompt(0), _all));
    }

    [Fact]
    public void A_long_prompt_and_a_short_one_of_one_form_are_alike()
    {
        int[] longer = [.. Prompt(1), .. Prompt(1), .. Prompt(1), .. Prompt(1)];
        Assert.InRange(Similarity(Prompt(1), longer), 0.2, 1);
        Assert.InRange(Similarity(Prompt(2), longer), -0.2, 0.15);
        Assert.Equal(1, Similarity(longer, longer), 1e-5);
    }

    private static double Similarity(int[] one, int[] other)
    {
        float[] first = new float[PromptSketch.Length], second = new float[PromptSketch.Length];
        Assert.True(PromptSketch.Write(one, first) && PromptSketch.Write(other, second));
        return first.Zip(second, (a, b) => (double)a * b).Sum();
    }

    private TrafficState Settle(int form)
    {
        for (int i = 0; i < 5; i++) _kinds.Of(Prompt(form), _all);
        return _kinds.Of(Prompt(form), _all);
    }

    // Half of it is the form's.
    private int[] Prompt(int form) => [.. Enumerable.Range(0, 15).SelectMany(part => (int[])[.. Template(form, part), .. Noise(2)])];

    private static int[] Template(int form, int part) => [1000 + 100 * form + part, 3000 + 100 * form + part, 7];

    private int[] Noise(int tokens) => [.. Enumerable.Range(0, tokens).Select(_ => 10_000 + _random.Next(5000))];
}
