using Atlas.Evaluation.Comparison;

namespace Atlas.Evaluation.Tests.Comparison;

/// <summary>Writes down when it is called.</summary>
internal sealed class LoggedWork(string name, List<string> log) : ITurnWork
{
    public void Begin() => log.Add($"{name} begins");

    public void AfterStep() => log.Add(name);

    public void End() => log.Add($"{name} ends");
}
