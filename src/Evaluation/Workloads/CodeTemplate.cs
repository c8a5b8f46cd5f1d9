namespace Atlas.Evaluation.Workloads;

/// <summary>Fills placeholders in code, where braces also stand for themselves.</summary>
internal static class CodeTemplate
{
    /// <summary>
    /// Replaces <c>{key}</c> by its value for the given keys, one after the other; all other braces stay. Values hold no braces.
    /// </summary>
    public static string Fill(string code, params ReadOnlySpan<(string Key, string Value)> bindings)
    {
        foreach (var (key, value) in bindings)
            code = code.Replace($"{{{key}}}", value, StringComparison.Ordinal);
        return code;
    }
}
