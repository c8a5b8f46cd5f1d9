using Atlas.Modeling;
using Atlas.Modeling.Engine;

namespace Atlas.Compute.Torch.Tests;

/// <summary>
/// A golden checkpoint loaded on the engine in f32, and for any token sequence the logits after its last token, computed alone in a fresh
/// sequence.
/// </summary>
internal sealed class TestDecoder : IDisposable
{
    private readonly GoldenCase _golden;
    private readonly IComputeEngine _engine;

    public TestDecoder(string name, int sequences = 4)
    {
        _golden = GoldenCase.Open(name);
        _engine = TorchUnderTest.Create();
        Decoder = _engine.LoadDecoder(
            _golden.Checkpoint.Config,
            _golden.Checkpoint,
            new() { Format = WeightFormat.F32, MaxSequences = sequences + 1, MaxRows = 64, MaxPending = 32, ContextLength = 64 });
    }

    public IDecoder Decoder { get; }

    public int Vocabulary => Decoder.Config.VocabularySize;

    public int[] Tokens => _golden.Tokens;

    public float[] LogitsAfter(params int[] tokens)
    {
        using var sequence = Decoder.OpenSequence();
        return LogitAssert.Read(Append(sequence, tokens), tokens.Length - 1, Vocabulary);
    }

    /// <summary>A sequence with committed tokens.</summary>
    public IDecoderSequence Open(params int[] tokens)
    {
        var sequence = Decoder.OpenSequence();
        if (tokens.Length == 0) return sequence;
        Append(sequence, tokens);
        sequence.CommitChain(tokens.Length);
        return sequence;
    }

    /// <summary>One forward with a chain below the committed rows; the last row's output is wanted.</summary>
    public IForwardResult Append(IDecoderSequence sequence, params int[] tokens)
    {
        var plan = new BatchPlan();
        plan.Begin(sequence);
        plan.AddChain(tokens, BatchPlan.NoParent, lastOutput: true);
        return Decoder.Forward(plan);
    }

    public void Dispose()
    {
        Decoder.Dispose();
        _engine.Dispose();
        _golden.Dispose();
    }
}
