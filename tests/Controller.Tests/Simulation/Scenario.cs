namespace Atlas.Controller.Tests.Simulation;

/// <summary>Requests in the order they are decoded; speculators are static, suffix and learned, in this order.</summary>
/// <param name="Name">As in the report.</param>
/// <param name="Requests">All requests.</param>
/// <param name="Batch">How many are decoded at once when request i is the first of them.</param>
/// <param name="Hostile">Confidences say nothing, and the suffix speculator always has something to say.</param>
internal sealed record Scenario(string Name, SimulatedRequest[] Requests, Func<int, int> Batch, bool Hostile = false)
{
    private const int Tokens = 80;

    /// <summary>Seconds that the static speculator takes to read a token it has not seen.</summary>
    public double PerRead { get; init; }

    private static readonly double[] Known = [0.8, 0.15, 0.35];
    private static readonly double[] Unseen = [0.3, 0.2, 0.8];

    public static Scenario Stationary() => Of("stationary", 150, _ => [0.75, 0.25, 0.5]);

    public static Scenario AbruptShift() => Of("abrupt shift", 200, i => i < 100 ? Known : Unseen);

    public static Scenario SlowDrift() => Of("slow drift", 200, i => [.. Known.Select((a, k) => a + (Unseen[k] - a) * i / 200.0)]);

    public static Scenario Recurring() => Of("recurring (A B A B)", 240, i => i / 60 % 2 == 0 ? Known : Unseen);

    public static Scenario Noise() => Of("adversarial noise", 150, _ => [0.03, 0.02, 0.03]) with { Hostile = true };

    public static Scenario Mixed() => Of("mixed requests", 150, i => i % 3 == 0 ? Known : i % 3 == 1 ? Unseen : [0.1, 0.9, 0.1]);

    public static Scenario RisingBatch() =>
        Of("rising batch (1 2 4 8)", 160, _ => [0.75, 0.25, 0.6]) with { Batch = i => 1 << Math.Min(3, i / 40) };

    /// <summary>Requests of three sorts in turns, each with prompts of a form of its own.</summary>
    public static Scenario MixedForms() => Mixed().WithForms("mixed requests, prompts of three forms", i => i % 3);

    /// <summary>Two sorts of requests in turns of 60, each with prompts of a form of its own.</summary>
    public static Scenario RecurringForms() => Recurring().WithForms("recurring, prompts of two forms", i => i / 60 % 2);

    /// <summary>The learned speculator alone is of some use.</summary>
    public static Scenario Weak(double acceptance) => Of("weak", 150, _ => [0.01, 0.0, acceptance]);

    /// <summary>The learned speculator is the one that is right.</summary>
    public static Scenario Taught() => Of("taught", 150, _ => [0.05, 0.2, 0.8]);

    /// <summary>Copying is right; what the learned speculator says besides is not worth what it takes.</summary>
    public static Scenario Copied() => Of("copied", 150, _ => [0.05, 0.8, 0.05]);

    /// <summary>Copying is right at first; then the learned speculator.</summary>
    public static Scenario CopiedThenTaught() => Of("copied, then taught", 200, i => i < 100 ? [0.05, 0.8, 0.05] : [0.05, 0.1, 0.8]);

    /// <summary>Prompts of a thousand tokens that the draft model, which would be of use, takes 30 ms to read.</summary>
    public static Scenario LongPrompts(int requests, int tokens) => new(
        "long prompts", [.. Enumerable.Range(0, requests).Select(i => new SimulatedRequest(i, [0.85, 0.05, 0.1], tokens, Prompt: 1000))], _ => 1)
    {
        PerRead = 30e-6,
    };

    public static IEnumerable<Scenario> All() =>
        [Stationary(), AbruptShift(), SlowDrift(), Recurring(), RecurringForms(), Mixed(), MixedForms(), Noise(), RisingBatch()];

    private Scenario WithForms(string name, Func<int, int> form) =>
        this with { Name = name, Requests = [.. Requests.Select((r, i) => r with { Prompt = 48, Form = form(i) })] };

    private static Scenario Of(string name, int requests, Func<int, double[]> acceptance) =>
        new(name, [.. Enumerable.Range(0, requests).Select(i => new SimulatedRequest(i, acceptance(i), Tokens))], _ => 1);
}
