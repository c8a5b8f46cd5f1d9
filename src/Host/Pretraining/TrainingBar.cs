using System.Diagnostics;
using System.Globalization;
using Atlas.Trainer.Pretraining;

namespace Atlas.Host.Pretraining;

/// <summary>
/// The progress of one model's training: a bar that is redrawn in place on a terminal, a plain line now and then where output goes elsewhere.
/// </summary>
internal sealed class TrainingBar(string name, PretrainReport report) : IDisposable
{
    private const int Width = 24;
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(10);

    private readonly bool _inPlace = !Console.IsOutputRedirected;
    private readonly Stopwatch _sinceLast = new();
    private bool _open;
    private HeldOutLosses? _shown;

    public void Show(PretrainingProgress p)
    {
        ShowKinds(p.HeldOut);
        if (_sinceLast.IsRunning && _sinceLast.Elapsed < (_inPlace ? TimeSpan.FromMilliseconds(200) : LineInterval) && p.Fraction < 1) return;
        _sinceLast.Restart();
        int filled = (int)(p.Fraction * Width);
        string heldOut = p.HeldOut is { } losses ? losses.All.ToString("F3", CultureInfo.InvariantCulture) : "-";
        string text = string.Create(CultureInfo.InvariantCulture,
            $"{name} [{new string('#', filled)}{new string('.', Width - filled)}] {p.Fraction,4:P0} update {p.Step} loss {p.Loss:F3} held out {heldOut} {p.TokensPerSecond:F0} tokens/s {p.TimeLeft:h\\:mm\\:ss} left");
        if (_inPlace) Console.Write($"\r{text}\x1b[K");
        else Console.WriteLine(text);
        _open = _inPlace;
    }

    // A line of its own after every evaluation of more than one kind.
    private void ShowKinds(HeldOutLosses? losses)
    {
        if (ReferenceEquals(losses, _shown)) return;
        _shown = losses;
        if (losses is not { Sets.Count: > 1 }) return;
        Dispose();
        string kinds = string.Join(", ", losses.Sets.Select(set => string.Create(CultureInfo.InvariantCulture, $"{set.Key} {set.Value:F3}")));
        PretrainReport.Line($"{name} held out: {kinds}");
    }

    public void End(PretrainingState state, string directory)
    {
        Dispose();
        PretrainReport.Line($"{name}: {state.Tokens} tokens in {state.ElapsedSeconds:F0} s, held-out loss {state.HeldOut?.All:F3}, written to {directory}");
        report.Add(name, directory, state);
    }

    public void Dispose()
    {
        if (_open) Console.WriteLine();
        _open = false;
    }
}
