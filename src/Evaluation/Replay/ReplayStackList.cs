namespace Atlas.Evaluation.Replay;

/// <summary>Fresh stacks that go away together.</summary>
internal sealed class ReplayStackList(ReplayStacks stacks, IReadOnlyList<string> names) : IDisposable
{
    private readonly ReplayStack[] _all = [.. names.Select(stacks.Create)];

    public int Count => _all.Length;

    public ReplayStack this[int index] => _all[index];

    public void Dispose()
    {
        foreach (var stack in _all) stack.Dispose();
    }
}
