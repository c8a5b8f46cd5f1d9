using System.Globalization;

namespace Atlas.Evaluation.Workloads;

/// <summary>
/// One or two table schemas and a question; the completion is the query in one line: filter, count, aggregate, grouping, ordering with a
/// limit, distinct values. The question says names in words, and of two tables one only is asked about.
/// </summary>
internal sealed class SqlWorkload() : Workload("sql", singleAnswer: true, AnswerFormat.Text)
{
    private static readonly PhraseBook Layouts = new(
        [
            "Tables: {schema}\nQuestion: {question}",
            "{schema}\n-- {question}",
            "Schema: {schema}\nWrite SQL: {question}",
            "{question}\nUse {schema}",
        ],
        [
            "Schema: {schema}\nQuestion: {question}",
            "{schema}\nWrite SQL: {question}",
            "Question: {question}\nTables: {schema}",
        ]);

    /// <inheritdoc/>
    protected override (string Prompt, string Completion) Generate(ItemDraw draw)
    {
        SqlTable table = SqlTable.Draw(draw);
        string schema = table.Schema(draw);
        if (draw.OneIn(3))
        {
            string other = SqlTable.Draw(draw).Schema(draw);
            schema = draw.OneIn(2) ? $"{schema}; {other}" : $"{other}; {schema}";
        }
        SqlQueryKind kind = draw.Pick<SqlQueryKind>(SqlQueryKind.Kinds);
        var columns = draw.Some<(string Name, Func<ItemDraw, string> Value)>(table.TextColumns, table.TextColumns.Length);
        SqlCondition[] conditions = Conditions(draw, table, columns[^1]);
        string number = draw.Pick<string>(table.NumberColumns);
        string count = draw.Between(2, 20).ToString(CultureInfo.InvariantCulture);
        var aggregate = draw.Pick<(string Function, string Word)>(SqlQueryKind.Aggregates);
        string question = PhraseBook.Fill(
            draw.Phrase(kind.Questions),
            ("t", table.Spoken),
            ("a", columns[0].Name),
            ("b", columns[1].Name),
            ("n", SqlTable.Speak(number)),
            ("k", count),
            ("f", aggregate.Word),
            ("where", string.Concat(conditions.Select((condition, i) => $"{(i == 0 ? " " : " and ")}{condition.Words}"))));
        string query = PhraseBook.Fill(
            kind.Sql,
            ("t", table.Name),
            ("a", columns[0].Name),
            ("b", columns[1].Name),
            ("n", number),
            ("k", count),
            ("f", aggregate.Function),
            ("where", string.Concat(conditions.Select((condition, i) => $"{(i == 0 ? " WHERE " : " AND ")}{condition.Sql}"))));
        return (PhraseBook.Fill(draw.Phrase(Layouts), ("schema", schema), ("question", question)), query);
    }

    private static SqlCondition[] Conditions(ItemDraw draw, SqlTable table, (string Name, Func<ItemDraw, string> Value) column) =>
        draw.Between(0, 3) switch
        {
            0 => [],
            1 => [SqlCondition.OnText(draw, column)],
            2 => [SqlCondition.OnNumber(draw, table)],
            _ => [SqlCondition.OnText(draw, column), SqlCondition.OnNumber(draw, table)],
        };
}
