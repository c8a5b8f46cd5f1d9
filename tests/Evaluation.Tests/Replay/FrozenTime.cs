namespace Atlas.Evaluation.Tests.Replay;

/// <summary>Real time that never passes: a replay is then a pure function of its trace.</summary>
internal sealed class FrozenTime : TimeProvider
{
    public override long GetTimestamp() => 0;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch;
}
