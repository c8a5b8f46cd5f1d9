using Atlas.Core.Decoding;

namespace Atlas.Engine.Tests.Fakes;

/// <summary>Writes down the times it hears.</summary>
internal sealed class RecordingTimings : IStepTimings
{
    public List<DraftTiming> Drafted { get; } = [];

    public List<(int Rows, double Context, double Seconds)> Forwards { get; } = [];

    public List<double> Learned { get; } = [];

    public void OnDrafted(in DraftTiming timing) => Drafted.Add(timing);

    public void OnForward(int rows, double context, double seconds) => Forwards.Add((rows, context, seconds));

    public void OnLearned(double seconds) => Learned.Add(seconds);
}
