using System.Text.RegularExpressions;
using Atlas.Evaluation.Workloads;

namespace Atlas.Evaluation.Tests.Workloads;

public sealed partial class ChatTests
{
    [Fact]
    public void Answers_state_no_fact_that_the_notes_lack()
    {
        foreach (WorkloadItem item in WorkloadItems.Of("chat", 4_000))
        {
            Assert.All(item.Entities, entity => Assert.Contains(entity, item.Prompt));
            Assert.InRange(item.Entities.Count(item.Completion.Contains), 2, item.Entities.Count);
            foreach (Match fact in FactPattern().Matches(item.Completion))
                Assert.Contains(fact.Value, item.Prompt);
        }
    }

    [Fact]
    public void Requests_alone_carry_no_fact()
    {
        foreach (string request in WorkloadItems.Of("chat", 4_000).Select(item => item.Phrases[2]).Distinct())
            Assert.DoesNotContain('{', request);
    }

    [GeneratedRegex(@"\d+:\d\d|\b\d[\d.]*\d\b|\b[A-Z]{2}-\d+|\S+@\w+\.\w+")]
    private static partial Regex FactPattern();
}
