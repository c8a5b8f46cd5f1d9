namespace Atlas.Controller.Tests;

public sealed class StepAccountTests
{
    [Fact]
    public void Gain_is_plain_decodings_time_for_the_tokens_over_the_time_they_took()
    {
        var account = new StepAccount();
        for (int i = 0; i < 400; i++) Step(account, forward: 2e-3, predicted: 2e-3, tokens: 3);
        // Three tokens would take three plain steps of 1 ms; they took 2 ms and 0.5 ms of drafting.
        Assert.Equal(3.0 / 2.5, account.Gain, 0.01);
        Assert.Equal(1e-3, account.PlainSlice, 9);
        Assert.Equal(2.5e-3, account.SecondsOf(4), 9);
        Assert.Equal(1e-3, account.SecondsOf(0), 9);
    }

    [Fact]
    public void A_slow_machine_is_not_blamed_on_speculation_and_a_stall_hardly_counts()
    {
        var account = new StepAccount();
        for (int i = 0; i < 400; i++) Step(account, forward: i % 50 == 0 ? 1.0 : 4e-3, predicted: 2e-3, tokens: 3);
        // Plain steps take twice as long too.
        Assert.Equal(6.0 / 4.5, account.Gain, 0.03);
    }

    [Fact]
    public void Learning_counts_in_the_step_after_it()
    {
        var account = new StepAccount();
        for (int i = 0; i < 400; i++)
        {
            Step(account, forward: 2e-3, predicted: 2e-3, tokens: 3);
            // Two observers after verification, then a turn.
            account.Learned(0.1e-3);
            account.Learned(0.1e-3);
            account.Learned(0.3e-3);
        }
        Assert.Equal(3.0 / 3.0, account.Gain, 0.01);
        Assert.Equal(0.5e-3, account.LearningSlice, 9);
        Step(account, forward: 2e-3, predicted: 2e-3, tokens: 3);
        Step(account, forward: 2e-3, predicted: 2e-3, tokens: 3);
        Assert.Equal(0, account.LearningSlice);
    }

    [Fact]
    public void A_stall_in_learning_hardly_counts()
    {
        var account = new StepAccount();
        for (int i = 0; i < 400; i++)
        {
            Step(account, forward: 2e-3, predicted: 2e-3, tokens: 3);
            if (i % 200 == 100) account.Learned(10);
        }
        Assert.InRange(account.Gain, 1.1, 3.0 / 2.5);
    }

    [Fact]
    public void Reading_is_no_part_of_the_step_that_reads_and_is_charged_when_it_falls_due()
    {
        var account = new StepAccount();
        account.Begin(1e-3, 0, 1);
        account.Propose(4);
        account.Read(30e-3);
        account.Drafted(30.5e-3, 2e-3);
        account.Forwarded(2e-3, 2e-3);
        // As much as what comes free of a mean allows.
        Assert.Equal(2.1e-3, account.SecondsOf(4), 9);
        account.Emitted(3);
        account.Charge(1e-3);
        account.Begin(1e-3, 0, 1);
        Assert.Equal(3.0 / 3.1, account.Gain, 6);
    }

    [Fact]
    public void Prompts_read_in_the_same_forward_are_neither_gain_nor_cost()
    {
        var account = new StepAccount();
        for (int i = 0; i < 400; i++)
        {
            // Two sequences decode, 1 ms together; the prompts beside them take 20.
            account.Begin(1e-3, 20e-3, 2);
            account.Propose(4);
            account.Drafted(0.5e-3, 21.5e-3);
            account.Forwarded(21.5e-3, 21.5e-3);
            account.Emitted(3);
        }
        account.Begin(1e-3, 20e-3, 2);
        Assert.Equal(1.5 / 2.0, account.Gain, 0.01);
        Assert.Equal(0.5e-3, account.PlainSlice, 9);
    }

    private static void Step(StepAccount account, double forward, double predicted, int tokens)
    {
        account.Begin(plainSeconds: 1e-3, 0, decoding: 1);
        account.Propose(4);
        account.Drafted(0.5e-3, predicted);
        account.Forwarded(forward, predicted);
        account.Emitted(tokens);
    }
}
