using Atlas.Core.Decoding;

namespace Atlas.Engine.Tests.Fakes;

/// <summary>Stops where the last tokens are a given phrase.</summary>
internal sealed class PhraseMatcher(params int[] phrase) : IStopMatcher
{
    private readonly List<int> _pushed = [];

    public IReadOnlyList<int> Pushed => _pushed;

    public bool Push(int token)
    {
        _pushed.Add(token);
        return _pushed.TakeLast(phrase.Length).SequenceEqual(phrase);
    }
}
