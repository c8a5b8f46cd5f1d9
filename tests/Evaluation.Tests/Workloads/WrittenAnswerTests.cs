using System.Text.RegularExpressions;
using Atlas.Evaluation.Workloads;

namespace Atlas.Evaluation.Tests.Workloads;

/// <summary>The domains whose completions are written, not copied.</summary>
public sealed partial class WrittenAnswerTests
{
    private static readonly string[] LibraryNames = ["each_slice", "max_by", "to_a"];

    [Fact]
    public void Queries_name_tables_columns_and_values_that_prompt_and_schema_hold()
    {
        foreach (WorkloadItem item in Items("sql", 4_000))
        {
            Match query = QueryPattern().Match(item.Completion);
            Assert.True(query.Success, item.Completion);
            string table = query.Groups["table"].Value;
            Match schema = Assert.Single(SchemaPattern().Matches(item.Prompt), match => match.Groups[1].Value == table);
            var columns = schema.Groups[2].Value.Split(", ").Select(column => column.Split(' ')).ToDictionary(column => column[0], column => column[1]);
            string question = item.Prompt.Replace(schema.Value, "", StringComparison.Ordinal);
            Assert.Contains(table.Replace('_', ' '), question);
            string select = query.Groups["select"].Value;
            foreach (Match name in NamePattern().Matches(LiteralPattern().Replace(item.Completion, "")))
                Assert.True(name.Value == table || columns.ContainsKey(name.Value), $"{name.Value} in {item.Completion}");
            Match aggregate = Regex.Match(select, @"(AVG|SUM|MIN|MAX)\((.+)\)");
            if (aggregate.Success)
            {
                string word = aggregate.Groups[1].Value switch { "AVG" => "average", "SUM" => "total", "MIN" => "lowest", _ => "highest" };
                Assert.Contains($"{word} {aggregate.Groups[2].Value.Replace('_', ' ')}", question);
                Assert.Equal("int", columns[aggregate.Groups[2].Value]);
                Assert.Equal(select.Contains(','), query.Groups["group"].Success);
            }
            foreach (Match condition in ConditionPattern().Matches(query.Groups["where"].Value))
            {
                string value = condition.Groups[3].Value;
                Assert.Equal(value[0] == '\'' ? "text" : "int", columns[condition.Groups[1].Value]);
                Assert.Matches($@"\b{condition.Groups[1].Value.Replace('_', ' ')}\b.* {Regex.Escape(value.Trim('\''))}", question);
                string expected = condition.Groups[2].Value switch
                {
                    "=" => @"is (?!not)|having|with|whose|that have|for",
                    "<>" => "is not|except",
                    ">" => "above|more than|over",
                    _ => "below|less than|under",
                };
                Assert.Matches($"({expected}).*{Regex.Escape(value.Trim('\''))}", question);
            }
            if (query.Groups["limit"].Success)
                Assert.Matches($@"\b{query.Groups["limit"].Value}\b", question);
        }
    }

    [Fact]
    public void Summaries_count_what_the_log_holds()
    {
        foreach (WorkloadItem item in Items("logs", 4_000))
        {
            Match[] lines = [.. LogPattern().Matches(item.Prompt).Cast<Match>()];
            Assert.InRange(lines.Length, 3, 7);
            string[] levels = [.. lines.Select(line => line.Groups[2].Value)];
            Match summary = SummaryPattern().Match(item.Completion);
            Assert.True(summary.Success, item.Completion);
            int Stated(int group) => summary.Groups[group].Value is "no" ? 0 : int.Parse(summary.Groups[group].Value);
            Assert.Equal(levels.Count(level => level == "ERROR"), Stated(1));
            Assert.Equal(levels.Count(level => level == "WARN"), Stated(2));
            Assert.Equal(lines.Select(line => line.Groups[3].Value).ToHashSet().Count, Stated(3));
            Assert.Equal(lines[0].Groups[1].Value, summary.Groups[4].Value);
            Assert.Equal(lines[^1].Groups[1].Value, summary.Groups[5].Value);
            string worst = levels.Contains("ERROR") ? "ERROR" : "WARN";
            Match? first = lines.FirstOrDefault(line => line.Groups[2].Value == worst);
            Assert.EndsWith(
                first is null
                    ? "\nNo problem"
                    : $"\nFirst {(worst == "ERROR" ? "error" : "warning")} in {first.Groups[3].Value}: {first.Groups[4].Value}",
                item.Completion);
        }
    }

    [Fact]
    public void Completed_code_uses_the_names_and_constants_of_its_head_and_closes_its_brackets()
    {
        foreach (WorkloadItem item in Items("completion", 4_000))
        {
            foreach (Match name in NamePattern().Matches(item.Completion).Where(match => match.Value.Contains('_')))
                Assert.True(LibraryNames.Contains(name.Value) || item.Prompt.Contains(name.Value), name.Value);
            foreach (Match number in Regex.Matches(item.Completion, @"\d{2,}"))
                Assert.Contains(number.Value, item.Prompt);
            foreach (string pair in new[] { "()", "[]", "{}" })
                Assert.Equal(item.Completion.Count(c => c == pair[0]), item.Completion.Count(c => c == pair[1]));
            Assert.InRange(item.Completion.Split('\n').Length, 1, 5);
        }
    }

    [Fact]
    public void Chat_answers_state_no_fact_that_the_notes_lack()
    {
        foreach (WorkloadItem item in Items("chat", 4_000))
        {
            foreach (string entity in item.Entities.Where(item.Completion.Contains))
                Assert.Contains(entity, item.Prompt);
            foreach (Match fact in FactPattern().Matches(item.Completion))
                Assert.Contains(fact.Value, item.Prompt);
            Assert.Contains(item.Entities, item.Completion.Contains);
        }
    }

    // A completion is a copy where most of its pieces of ten characters stand in the prompt.
    [Theory]
    [InlineData("edits", 0.7, 1.0)]
    [InlineData("sql", 0.0, 0.45)]
    [InlineData("completion", 0.0, 0.45)]
    [InlineData("logs", 0.0, 0.45)]
    [InlineData("arithmetic", 0.0, 0.1)]
    public void Copied_and_written_domains_are_what_they_claim(string domain, double least, double most)
    {
        const int Piece = 10;
        int copied = 0, all = 0;
        foreach (WorkloadItem item in Items(domain, 2_000))
        {
            for (int at = 0; at + Piece <= item.Completion.Length; at++, all++)
            {
                if (item.Prompt.Contains(item.Completion.Substring(at, Piece), StringComparison.Ordinal))
                    copied++;
            }
        }
        Assert.InRange((double)copied / all, least, most);
    }

    private static IEnumerable<WorkloadItem> Items(string domain, int count) =>
        Enum.GetValues<Split>().SelectMany(split =>
            Enumerable.Range(0, count / 2).Select(i => WorkloadCatalog.Get(domain).Item(split, seed: 12, i)));

    [GeneratedRegex(@"^SELECT (?<select>.+?) FROM (?<table>\w+)( WHERE (?<where>.+?))?( GROUP BY (?<group>\w+))?( ORDER BY (?<order>\w+) DESC LIMIT (?<limit>\d+))?;$")]
    private static partial Regex QueryPattern();

    [GeneratedRegex(@"(\w+)\(((?:\w+ (?:text|int)(?:, )?)+)\)")]
    private static partial Regex SchemaPattern();

    [GeneratedRegex("'[^']*'")]
    private static partial Regex LiteralPattern();

    [GeneratedRegex(@"\b[a-z][a-z_]*\b")]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"(\w+) (=|<>|>|<) ('[^']*'|\d+)")]
    private static partial Regex ConditionPattern();

    [GeneratedRegex(@"^(\d\d:\d\d:\d\d) (INFO|WARN|ERROR) ([a-z]+-[a-z]+): (.+)$", RegexOptions.Multiline)]
    private static partial Regex LogPattern();

    [GeneratedRegex(@"^(no|\d) errors?, (no|\d) warnings?, (\d) services?, (\S+) to (\S+)\n")]
    private static partial Regex SummaryPattern();

    [GeneratedRegex(@"\b(?!Dear |Hey |In |On |To )[A-Z]\w+ [A-Z]\w+(?= |\.|,)|\d+:\d\d|\b\d{2,}\b|\b[A-Z]{2}-\d+|(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day")]
    private static partial Regex FactPattern();
}
