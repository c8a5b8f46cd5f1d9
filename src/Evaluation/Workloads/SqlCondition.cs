using System.Globalization;

namespace Atlas.Evaluation.Workloads;

/// <summary>A condition on a table's rows, in words and in SQL.</summary>
/// <param name="Words">The condition as the question says it.</param>
/// <param name="Sql">The condition as it stands behind WHERE.</param>
internal readonly record struct SqlCondition(string Words, string Sql)
{
    private static readonly PhraseBook Equal = new(
        ["where the {column} is {value}", "with {column} {value}", "whose {column} is {value}", "that have {column} {value}"],
        ["where {column} is {value}", "having the {column} {value}", "with the {column} {value}", "for {column} {value}"]);

    private static readonly PhraseBook Unequal = new(
        ["where the {column} is not {value}", "whose {column} is not {value}"],
        ["where {column} is not {value}", "except those with {column} {value}"]);

    private static readonly PhraseBook More = new(
        ["with {column} above {value}", "whose {column} is more than {value}", "where the {column} is over {value}"],
        ["where {column} is above {value}", "having {column} over {value}", "with {column} of more than {value}"]);

    private static readonly PhraseBook Less = new(
        ["with {column} below {value}", "whose {column} is less than {value}", "where the {column} is under {value}"],
        ["where {column} is below {value}", "having {column} under {value}", "with {column} of less than {value}"]);

    /// <summary>Draws a condition on a column of text.</summary>
    public static SqlCondition OnText(ItemDraw draw, (string Name, Func<ItemDraw, string> Value) column)
    {
        string value = column.Value(draw);
        bool equal = !draw.OneIn(4);
        string words = PhraseBook.Fill(draw.Phrase(equal ? Equal : Unequal), ("column", column.Name), ("value", value));
        return new SqlCondition(words, $"{column.Name} {(equal ? "=" : "<>")} '{value}'");
    }

    /// <summary>Draws a condition on one of the columns of numbers.</summary>
    public static SqlCondition OnNumber(ItemDraw draw, SqlTable table)
    {
        string column = draw.Pick<string>(table.NumberColumns);
        string value = draw.Number(10, 9999).ToString(CultureInfo.InvariantCulture);
        bool more = draw.OneIn(2);
        string words = PhraseBook.Fill(draw.Phrase(more ? More : Less), ("column", SqlTable.Speak(column)), ("value", value));
        return new SqlCondition(words, $"{column} {(more ? '>' : '<')} {value}");
    }
}
