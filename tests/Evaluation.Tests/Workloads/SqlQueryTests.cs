using System.Text.RegularExpressions;
using Atlas.Evaluation.Workloads;

namespace Atlas.Evaluation.Tests.Workloads;

public sealed partial class SqlQueryTests
{
    private static readonly string[] OwnNames = ["count", "result", "id"];

    [Fact]
    public void Queries_name_tables_columns_and_values_that_schema_and_question_hold()
    {
        int joins = 0;
        foreach (WorkloadItem item in WorkloadItems.Of("sql", 4_000))
        {
            Match query = QueryPattern().Match(item.Completion);
            Assert.True(query.Success, item.Completion);
            var schemas = SchemaPattern().Matches(item.Prompt).ToDictionary(
                schema => schema.Groups[1].Value,
                schema => schema.Groups[2].Value.Split(", ").Select(column => column.Split(' ')).ToDictionary(column => column[0], column => column[1]));
            string table = query.Groups["table"].Value;
            string question = SchemaPattern().Replace(item.Prompt, "");
            Assert.Contains(table.Replace('_', ' '), question);
            string? other = query.Groups["other"].Success ? query.Groups["other"].Value : null;
            if (other is not null)
            {
                joins++;
                string key = query.Groups["key"].Value;
                Assert.Equal("int", schemas[table][key]);
                Assert.Equal("int", schemas[other]["id"]);
                string row = key[..^"_id".Length];
                Assert.Contains($"the {row}", question.Replace("their", "the", StringComparison.Ordinal));
                Assert.Matches($"_{row[..^1]}(y|ies|{row[^1]}s|{row[^1]}es)$", other);
            }
            string code = LiteralPattern().Replace(item.Completion, "");
            foreach (Match name in NamePattern().Matches(code))
            {
                string[] parts = name.Value.Split('.');
                bool known = parts.Length == 2
                    ? schemas[parts[0]].ContainsKey(parts[1])
                    : parts[0] == table || parts[0] == other || OwnNames.Contains(parts[0]) || schemas[table].ContainsKey(parts[0]);
                Assert.True(known, $"{name.Value} in {item.Completion}");
            }
            CheckConditions(query.Groups["where"].Value, question, schemas[table]);
            CheckAggregate(query, question);
        }
        Assert.InRange(joins, 800, 1_500);
    }

    private static void CheckConditions(string where, string question, Dictionary<string, string> columns)
    {
        MatchCollection conditions = ConditionPattern().Matches(where);
        Assert.InRange(conditions.Count, 1, 3);
        // What the pattern found is all there is, and each column is asked about once.
        Assert.Equal("", Regex.Replace(ConditionPattern().Replace(where, ""), @"\s|AND", ""));
        Assert.Equal(conditions.Count, conditions.Select(condition => condition.Groups[1].Value).Distinct().Count());
        int before = -1;
        foreach (Match condition in conditions)
        {
            string column = condition.Groups[1].Value, value = condition.Groups[3].Value.Trim('\'', '%');
            Assert.Equal(condition.Groups[3].Value[0] == '\'' ? "text" : "int", columns[column]);
            string expected = condition.Groups[2].Value switch
            {
                "=" => @"(with( the| a)?|whose|that have( a)?|having( the)?|for( the| which)?|of|from|if the|when|where( the)?) COLUMN (is |equals )?VALUE",
                "<>" => "(is not|not|is other than|other than|(except|excluding|without|leaving out|except those with|but not with)( those of| the)? COLUMN|COLUMN is) VALUE",
                "LIKE" => "COLUMN (starts with|begins with|starting with|beginning with|that begins with|that starts with) VALUE",
                ">" => "COLUMN (is |of )?(above|more than|over|greater than|higher than|larger than) VALUE",
                "<" => "COLUMN (is |of )?(below|less than|under|smaller than|lower than) VALUE",
                _ => $"COLUMN (is |lies )?(between VALUE and|from VALUE to|in the range VALUE to) {condition.Groups[4].Value}",
            };
            Match asked = Regex.Match(question, expected
                .Replace("COLUMN", column.Replace('_', ' '), StringComparison.Ordinal)
                .Replace("VALUE", Regex.Escape(value), StringComparison.Ordinal) + @"(?!\d)");
            Assert.True(asked.Success, $"{condition.Value} in\n{question}");
            Assert.True(asked.Index > before, "Conditions stand in the order of the question.");
            before = asked.Index;
        }
    }

    private static void CheckAggregate(Match query, string question)
    {
        Match aggregate = AggregatePattern().Match(query.Groups["select"].Value);
        if (aggregate.Success)
        {
            string word = aggregate.Groups[1].Value switch { "AVG" => "average", "SUM" => "total", "MIN" => "lowest", _ => "highest" };
            Assert.Contains($"{word} {aggregate.Groups[2].Value.Replace('_', ' ')}", question);
            Assert.True(query.Groups["group"].Success);
        }
        foreach (string group in new[] { "limit", "having" })
        {
            if (query.Groups[group].Success)
                Assert.Matches($@"(the|top|first|than|over) {query.Groups[group].Value} ", question.Replace('.', ' '));
        }
    }

    [GeneratedRegex(@"\ASELECT (?<select>.+)\nFROM (?<table>\w+)(\nJOIN (?<other>\w+) ON \k<other>\.id = \k<table>\.(?<key>\w+))?\nWHERE (?<where>.+(\n  AND .+)*?)(\nGROUP BY (?<group>[\w.]+))?(\nHAVING COUNT\(\*\) > (?<having>\d+))?(\nORDER BY \w+( DESC)?)?(\nLIMIT (?<limit>\d+))?;\z")]
    private static partial Regex QueryPattern();

    [GeneratedRegex(@"(\w+)\(((?:\w+ (?:text|int)(?:, )?)+)\)")]
    private static partial Regex SchemaPattern();

    [GeneratedRegex("'[^']*'")]
    private static partial Regex LiteralPattern();

    [GeneratedRegex(@"\b[a-z][a-z_]*(\.[a-z][a-z_]*)?\b")]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"(?:\w+\.)?(\w+) (=|<>|>|<|LIKE|BETWEEN) ('[^']*'|\d+)(?: AND (\d+))?")]
    private static partial Regex ConditionPattern();

    [GeneratedRegex(@"(AVG|SUM|MIN|MAX)\((?:\w+\.)?(\w+)\)")]
    private static partial Regex AggregatePattern();
}
