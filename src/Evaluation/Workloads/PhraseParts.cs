namespace Atlas.Evaluation.Workloads;

/// <summary>Phrases put together from parts, so that a few words make many ways to say a thing.</summary>
internal static class PhraseParts
{
    /// <summary>Every combination of one of each, in order.</summary>
    public static string[] Join(params ReadOnlySpan<string[]> parts)
    {
        string[] joined = [""];
        foreach (string[] choices in parts) joined = [.. joined.SelectMany(start => choices.Select(choice => start + choice))];
        return joined;
    }

    /// <summary>Every combination, and every combination in the opposite order.</summary>
    public static string[] EitherOrder(string[] first, string between, string[] second) =>
        [.. Join(first, [between], second), .. Join(second, [between], first)];
}
