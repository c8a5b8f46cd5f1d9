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

    private static void Step(StepAccount account, double forward, double predicted, int tokens)
    {
        account.Begin(plainSeconds: 1e-3, decoding: 1);
        account.Propose(4);
        account.Drafted(0.5e-3, predicted);
        account.Forwarded(forward, predicted);
        account.Emitted(tokens);
    }
}
