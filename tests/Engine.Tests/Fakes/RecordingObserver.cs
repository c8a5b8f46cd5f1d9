using Atlas.Core.Decoding;

namespace Atlas.Engine.Tests.Fakes;

/// <summary>Writes down what it hears: accepted draft tokens, how many were emitted, and the text as it then stands.</summary>
internal sealed class RecordingObserver : IVerificationObserver
{
    public List<(long Id, int[] Accepted, int Emitted, int[] Output)> Heard { get; } = [];

    public void OnVerified(DecodeSequence sequence, ReadOnlySpan<int> accepted, int emitted)
    {
        var tokens = new int[accepted.Length];
        for (int i = 0; i < tokens.Length; i++) tokens[i] = sequence.Draft.Tokens[accepted[i]];
        Heard.Add((sequence.Id, tokens, emitted, sequence.Output.ToArray()));
    }
}
