using Atlas.Core.Decoding;

namespace Atlas.Core.Tests.Decoding;

/// <summary>Completes a "stop string" with the n-th token it is shown.</summary>
internal sealed class CountingMatcher(int stopAt) : IStopMatcher
{
    public int Pushed { get; private set; }

    public bool Push(int token) => ++Pushed == stopAt;
}
