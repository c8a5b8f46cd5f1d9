using System.Globalization;

namespace Atlas.Evaluation.Workloads;

/// <summary>
/// One or two table schemas and a question; the completion is the query, a clause to a line: filters, counts, aggregates, groups, orders with a
/// limit, joins by key. The question says names in words. In a join, columns carry their table's name; conditions are always on the table
/// asked about.
/// </summary>
internal sealed class SqlWorkload() : Workload("sql", singleAnswer: true, copyLike: false, AnswerFormat.Text)
{
    private static readonly PhraseBook Layouts = PhraseBook.HoldingOut(
        [
            "Schema: {schema}\nQuestion: {question}",
            "{schema}\nWrite SQL: {question}",
            "Question: {question}\nTables: {schema}",
        ],
        PhraseParts.EitherOrder(
            ["Tables: {schema}", "Schema: {schema}", "{schema}", "Use {schema}", "There are {schema}", "Given {schema}"],
            "\n",
            ["Question: {question}", "-- {question}", "Write SQL: {question}", "{question}", "Task: {question}", "SQL for this: {question}"]));

    /// <inheritdoc/>
    protected override (string Prompt, string Completion) Generate(ItemDraw draw)
    {
        SqlQueryKind kind = draw.Pick<SqlQueryKind>(SqlQueryKind.All);
        bool two = kind.Joins || draw.OneIn(3);
        SqlTextColumn[] columns = draw.Some<SqlTextColumn>(SqlTextColumn.All, 5);
        SqlTable table = SqlTable.Draw(draw, columns[..3]);
        SqlTable? other = two ? SqlTable.Draw(draw, columns[3..]) : null;
        string count = draw.Between(2, 40).ToString(CultureInfo.InvariantCulture);
        string number = draw.Pick<string>(table.NumberColumns);
        var aggregate = draw.Pick<(string Function, string Word)>(SqlQueryKind.Aggregates);
        SqlCondition[] conditions = Conditions(draw, table, columns[2]);
        string qualifier = kind.Joins ? $"{table.Name}." : "";
        string question = PhraseBook.Fill(
            draw.Phrase(kind.Questions),
            ("t", table.Spoken),
            ("a", columns[0].Name),
            ("b", columns[1].Name),
            ("c", columns[3].Name),
            ("r", other?.Row ?? ""),
            ("n", SqlTable.Speak(number)),
            ("k", count),
            ("f", aggregate.Word),
            ("where", string.Join(" and ", conditions.Select(condition => condition.Words))));
        string query = PhraseBook.Fill(
            kind.Sql,
            ("t", table.Name),
            ("a", columns[0].Name),
            ("b", columns[1].Name),
            ("c", columns[3].Name),
            ("u", other?.Name ?? ""),
            ("r", other?.Row ?? ""),
            ("n", number),
            ("k", count),
            ("f", aggregate.Function),
            ("where", string.Join("\n  AND ", conditions.Select(condition => qualifier + condition.Sql))));
        return (PhraseBook.Fill(draw.Phrase(Layouts), ("schema", Schema(draw, table, other)), ("question", question)), query);
    }

    private static string Schema(ItemDraw draw, SqlTable table, SqlTable? other)
    {
        if (other is null)
            return table.Schema(draw);
        string asked = table.Schema(draw, "id int", $"{other.Row}_id int");
        string joined = other.Schema(draw, "id int");
        return draw.OneIn(2) ? $"{asked}; {joined}" : $"{joined}; {asked}";
    }

    /// <summary>One to three conditions, each on another column; text and numbers in any order.</summary>
    private static SqlCondition[] Conditions(ItemDraw draw, SqlTable table, SqlTextColumn text)
    {
        SqlCondition[] all =
            [SqlCondition.OnText(draw, text), .. table.NumberColumns.Select(column => SqlCondition.OnNumber(draw, column))];
        return draw.Some<SqlCondition>(all, draw.Between(1, all.Length));
    }
}
