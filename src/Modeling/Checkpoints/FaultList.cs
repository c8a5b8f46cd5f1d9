using System.Text;

namespace Atlas.Modeling.Checkpoints;

/// <summary>
/// Collects what is wrong with a checkpoint, one line each: opening throws the first, inspecting shows them all. Readers carry on after a
/// fault with a stand-in value where that finds more faults.
/// </summary>
internal sealed class FaultList
{
    private const int MostKept = 1000;
    private readonly List<string> _faults = [];

    /// <summary>The faults in the order they were found.</summary>
    public IReadOnlyList<string> All => _faults;

    /// <summary>How many there are.</summary>
    public int Count => _faults.Count;

    /// <summary>Adds a fault in <paramref name="file"/>; a damaged file with millions of them is cut short.</summary>
    public void Add(string file, string message) => AddLine($"{OneLine(file, 400)}: {OneLine(message, 600)}");

    /// <summary>Adds a fault that names its place itself.</summary>
    public void AddLine(string fault)
    {
        if (_faults.Count < MostKept) _faults.Add(OneLine(fault, 1200));
        else if (_faults.Count == MostKept) _faults.Add($"more than {MostKept} faults: the rest are not listed");
    }

    /// <summary>Throws the first fault, if there is one.</summary>
    public void ThrowIfAny()
    {
        if (_faults.Count > 0) throw new CheckpointException(_faults[0]);
    }

    /// <summary>A name or value from a file in quotes, fit for a message: at most 100 characters, none of them a line break.</summary>
    public static string Quote(string text) => $"\"{OneLine(text, 100)}\"";

    /// <summary>Text with control characters and broken surrogates replaced and its middle cut out beyond the length.</summary>
    public static string OneLine(string text, int most)
    {
        if (text.Length > most) text = $"{text.AsSpan(0, most / 2)}...{text.AsSpan(text.Length - most / 2)}";
        var line = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            bool breaks = Rune.IsControl(rune) || rune.Value is 0x2028 or 0x2029;
            line.Append(breaks ? new Rune('?') : rune);
        }
        return line.ToString();
    }
}
