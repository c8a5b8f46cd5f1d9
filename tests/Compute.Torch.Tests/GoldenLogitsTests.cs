using Atlas.Modeling;
using Atlas.Modeling.Engine;

namespace Atlas.Compute.Torch.Tests;

/// <summary>The engine's logits against those of an independent forward pass in f64.</summary>
public sealed class GoldenLogitsTests : IDisposable
{
    private const float Tolerance = 1e-4f;

    private readonly Lazy<IComputeEngine> _engine = new(TorchUnderTest.Create);

    public static TheoryData<string> Cases => [.. GoldenCase.Names];

    private IComputeEngine Engine => _engine.Value;

    public void Dispose()
    {
        if (_engine.IsValueCreated) _engine.Value.Dispose();
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Prompt_in_one_forward(string name) => CheckInChunks(name, 24);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Prompt_in_chunks(string name) => CheckInChunks(name, 5);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Prompt_token_by_token(string name) => CheckInChunks(name, 1);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Pending_rows_carry_on_without_commit(string name)
    {
        using var golden = GoldenCase.Open(name);
        using var decoder = Engine.LoadDecoder(golden.Checkpoint.Config, golden.Checkpoint, new() { Format = WeightFormat.F32 });
        using var sequence = decoder.OpenSequence();
        var plan = new BatchPlan();
        int parent = BatchPlan.NoParent;
        for (int at = 0; at < golden.Tokens.Length; at += 6)
        {
            plan.Clear();
            plan.Begin(sequence);
            parent = plan.AddChain(golden.Tokens.AsSpan(at, 6), parent, lastOutput: true);
            var logits = LogitAssert.Read(decoder.Forward(plan), 5, golden.Checkpoint.Config.VocabularySize);
            LogitAssert.Near(golden.Logits(at + 5), logits, Tolerance);
        }
    }

    // bf16 keeps 8 bits, so a logit is off by about a hundredth of the row's spread; a left-out ingredient moves it by more than that.
    [Theory]
    [MemberData(nameof(Cases))]
    public void Bf16_stays_near(string name)
    {
        using var golden = GoldenCase.Open(name);
        using var decoder = Engine.LoadDecoder(golden.Checkpoint.Config, golden.Checkpoint, new() { Format = WeightFormat.BF16 });
        using var sequence = decoder.OpenSequence();
        var plan = new BatchPlan();
        plan.Begin(sequence);
        for (int i = 0; i < golden.Tokens.Length; i++) plan.Add(golden.Tokens[i], i - 1, output: true);
        var result = decoder.Forward(plan);
        double error = 0, spread = 0;
        for (int i = 0; i < golden.Tokens.Length; i++)
        {
            var expected = golden.Logits(i);
            var actual = LogitAssert.Read(result, i, expected.Length);
            for (int v = 0; v < expected.Length; v++)
            {
                error += Math.Pow(expected[v] - actual[v], 2);
                spread += Math.Pow(expected[v], 2);
            }
        }
        Assert.InRange(Math.Sqrt(error / spread), 0, 0.03);
    }

    private void CheckInChunks(string name, int chunk)
    {
        using var golden = GoldenCase.Open(name);
        using var decoder = Engine.LoadDecoder(golden.Checkpoint.Config, golden.Checkpoint, new() { Format = WeightFormat.F32 });
        using var sequence = decoder.OpenSequence();
        var plan = new BatchPlan();
        for (int at = 0; at < golden.Tokens.Length; at += chunk)
        {
            int count = Math.Min(chunk, golden.Tokens.Length - at);
            plan.Clear();
            plan.Begin(sequence);
            for (int i = 0; i < count; i++) plan.Add(golden.Tokens[at + i], i - 1, output: true);
            var result = decoder.Forward(plan);
            for (int i = 0; i < count; i++)
                LogitAssert.Near(golden.Logits(at + i), LogitAssert.Read(result, i, golden.Checkpoint.Config.VocabularySize), Tolerance);
            sequence.CommitChain(count);
        }
        Assert.Equal(golden.Tokens.Length, sequence.Length);
    }
}
