using Atlas.Evaluation.Workloads;

namespace Atlas.Evaluation.Drift;

/// <summary>Requests that follow each other, each of which begins with all that was said before: an agent's loop.</summary>
internal sealed class DriftSession(DriftPhase phase)
{
    private readonly List<WorkloadItem> _asked = [];
    private string _history = "";

    /// <summary>The session's next prompt, and what it asks for: something new, or once more what it has asked for already.</summary>
    public (string Prompt, WorkloadItem Item) Next(DriftDraws draws, Func<WorkloadItem> fresh)
    {
        bool again = _asked.Count > 0 && draws.Uniform() < phase.Repeat;
        var item = again ? _asked[draws.Below(_asked.Count)] : fresh();
        if (!again) _asked.Add(item);
        return (_history + item.Prompt, item);
    }

    /// <summary>A prompt was answered.</summary>
    public void Said(string prompt, string completion)
    {
        if (phase.Turns > 1) _history = $"{prompt}{completion}\n\n";
    }
}
