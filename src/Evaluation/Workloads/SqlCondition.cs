using System.Globalization;

namespace Atlas.Evaluation.Workloads;

/// <summary>A condition on a table's rows, in words and in SQL.</summary>
/// <param name="Words">The condition as the question says it.</param>
/// <param name="Sql">The condition as it stands behind WHERE, with a bare column name.</param>
internal readonly record struct SqlCondition(string Words, string Sql)
{
    private static readonly PhraseBook Equal = new(
        ["where the {column} is {value}", "with {column} {value}", "whose {column} is {value}", "that have {column} {value}"],
        ["where {column} is {value}", "having the {column} {value}", "with the {column} {value}", "for {column} {value}"]);

    private static readonly PhraseBook Unequal = new(
        ["where the {column} is not {value}", "whose {column} is not {value}"],
        ["where {column} is not {value}", "except those with {column} {value}"]);

    private static readonly PhraseBook Beginning = new(
        ["whose {column} starts with {value}", "where the {column} begins with {value}"],
        ["where {column} starts with {value}", "with a {column} beginning with {value}"]);

    private static readonly PhraseBook More = new(
        ["with {column} above {value}", "whose {column} is more than {value}", "where the {column} is over {value}"],
        ["where {column} is above {value}", "having {column} over {value}", "with {column} of more than {value}"]);

    private static readonly PhraseBook Less = new(
        ["with {column} below {value}", "whose {column} is less than {value}", "where the {column} is under {value}"],
        ["where {column} is below {value}", "having {column} under {value}", "with {column} of less than {value}"]);

    private static readonly PhraseBook Range = new(
        ["with {column} between {low} and {high}", "whose {column} lies from {low} to {high}"],
        ["where {column} is between {low} and {high}", "having {column} from {low} to {high}"]);

    /// <summary>Draws a condition on a column of text.</summary>
    public static SqlCondition OnText(ItemDraw draw, SqlTextColumn column)
    {
        string value = column.Value(draw);
        var (phrases, sql) = draw.Between(0, 5) switch
        {
            0 => (Unequal, $"<> '{value}'"),
            1 => (Beginning, $"LIKE '{value}%'"),
            _ => (Equal, $"= '{value}'"),
        };
        string words = PhraseBook.Fill(draw.Phrase(phrases), ("column", column.Name), ("value", value));
        return new SqlCondition(words, $"{column.Name} {sql}");
    }

    /// <summary>Draws a condition on a column of numbers.</summary>
    public static SqlCondition OnNumber(ItemDraw draw, string column)
    {
        int low = draw.Number(10, 9999);
        if (draw.OneIn(4))
        {
            int high = draw.Number(low + 100, low + 9999);
            string range = PhraseBook.Fill(
                draw.Phrase(Range), ("column", SqlTable.Speak(column)), ("low", Text(low)), ("high", Text(high)));
            return new SqlCondition(range, $"{column} BETWEEN {Text(low)} AND {Text(high)}");
        }
        bool more = draw.OneIn(2);
        string words = PhraseBook.Fill(draw.Phrase(more ? More : Less), ("column", SqlTable.Speak(column)), ("value", Text(low)));
        return new SqlCondition(words, $"{column} {(more ? '>' : '<')} {Text(low)}");
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
