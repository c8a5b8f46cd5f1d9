using System.Diagnostics;
using Atlas.Protocol.Messages;

namespace Atlas.Host.Service.Sidecar;

/// <summary>What the other server's forwards take, between an answer and the next call of its connection. Used under the engine's lock.</summary>
internal static class ServerForward
{
    // Gaps between calls, in seconds, that can be a forward of a model and nothing else.
    private const double LeastGap = 1e-3;
    private const double MostGap = 1;

    /// <summary>A call has come: tells the engine what the forward before it took, as the server says, or else as it takes from an answer to the next call.</summary>
    public static void Hear(SidecarEngine engine, SessionTable table, DraftParams parameters)
    {
        if (table.Rows == 0) return;
        double seconds = parameters.VerifyUs > 0
            ? parameters.VerifyUs * 1e-6
            : Stopwatch.GetElapsedTime(table.AnsweredAt, parameters.ReceivedAt).TotalSeconds;
        if (parameters.VerifyUs > 0 || seconds is >= LeastGap and <= MostGap) engine.OnForward(table.Rows, table.Context, seconds);
        table.Rows = 0;
    }

    /// <summary>A call has been answered: a forward over these drafts comes next.</summary>
    public static void Expect(SessionTable table, ReusableList<SequenceDraft> answered)
    {
        int sequences = 0, nodes = 0;
        double tokens = 0;
        for (int i = 0; i < answered.Count; i++)
        {
            if (answered[i].Status is not (DraftStatus.Ok or DraftStatus.Deadline)) continue;
            sequences++;
            nodes += answered[i].Tokens.Count;
            tokens += answered[i].Position;
        }
        table.Rows = sequences + nodes;
        table.Context = tokens / Math.Max(1, sequences);
        table.AnsweredAt = Stopwatch.GetTimestamp();
    }
}
