using System.Diagnostics;
using System.Globalization;
using Atlas.Evaluation.PolicyGradient;

namespace Atlas.Host.Rl;

/// <summary>The progress of a run: a bar that is redrawn in place on a terminal, a plain line now and then where output goes elsewhere.</summary>
/// <param name="steps">Of the whole run.</param>
internal sealed class RlProgress(int steps) : IDisposable
{
    private const int Width = 24;
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(10);

    private readonly bool _inPlace = !Console.IsOutputRedirected;
    private readonly Stopwatch _running = Stopwatch.StartNew();
    private readonly Stopwatch _sinceLast = new();
    private int _shown;
    private bool _open;

    public void Show(PolicyStep step)
    {
        int done = step.Step + 1;
        _shown++;
        if (_sinceLast.IsRunning && _sinceLast.Elapsed < (_inPlace ? TimeSpan.Zero : LineInterval) && done < steps) return;
        _sinceLast.Restart();
        int filled = done * Width / steps;
        var left = _running.Elapsed / _shown * (steps - done);
        double plain = step.Strategies[0].Totals.Seconds;
        string over = string.Join(", ", step.Strategies.Skip(1).Select(s => string.Create(CultureInfo.InvariantCulture, $"{s.Name} {plain / s.Totals.Seconds:F2}")));
        string text = string.Create(
            CultureInfo.InvariantCulture,
            $"[{new string('#', filled)}{new string('.', Width - filled)}] step {done} of {steps}, reward {step.Reward:F3}; rollouts over plain: {over}; {left:h\\:mm\\:ss} left");
        if (_inPlace) Console.Write($"\r{text}\x1b[K");
        else Console.WriteLine(text);
        _open = _inPlace;
    }

    public void Dispose()
    {
        if (_open) Console.WriteLine();
        _open = false;
    }
}
