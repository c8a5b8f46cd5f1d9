namespace Atlas.Modeling.Training;

/// <summary>
/// How examples of different lengths are run in step: longest first, so that step t's rows continue the first rows of step t - 1. All rows
/// of step 0 come first, then those of step 1, and so on.
/// </summary>
public sealed class HeadUnroll
{
    private readonly HeadExample[] _examples;
    private readonly int[] _starts;

    /// <summary>Orders the examples; equally long ones keep their order.</summary>
    public HeadUnroll(ReadOnlySpan<HeadExample> examples)
    {
        _examples = [.. examples.ToArray().OrderByDescending(e => e.Tokens.Length)];
        Steps = _examples.Length == 0 ? 0 : _examples[0].Tokens.Length;
        _starts = new int[Steps + 1];
        for (int step = 0; step < Steps; step++) _starts[step + 1] = _starts[step] + _examples.Count(e => e.Tokens.Length > step);
        Tokens = new int[_starts[Steps]];
        for (int step = 0; step < Steps; step++)
            for (int i = 0; i < Count(step); i++)
                Tokens[_starts[step] + i] = _examples[i].Tokens[step];
    }

    /// <summary>Steps of the longest example.</summary>
    public int Steps { get; }

    /// <summary>Rows in all.</summary>
    public int Rows => Tokens.Length;

    /// <summary>The token of each row.</summary>
    public int[] Tokens { get; }

    /// <summary>First row of a step.</summary>
    public int Start(int step) => _starts[step];

    /// <summary>Rows of a step.</summary>
    public int Count(int step) => _starts[step + 1] - _starts[step];

    /// <summary>The example whose row is the <paramref name="index"/>-th of any step.</summary>
    public HeadExample Example(int index) => _examples[index];
}
