using System.Globalization;

namespace Atlas.Evaluation.Workloads;

/// <summary>A condition on a table's rows, in words and in SQL.</summary>
/// <param name="Words">The condition as the question says it.</param>
/// <param name="Sql">The condition as it stands behind WHERE, with a bare column name.</param>
internal readonly record struct SqlCondition(string Words, string Sql)
{
    // Before a word of comparison.
    private static readonly string[] Subjects =
        ["where the {column} is ", "whose {column} is ", "where {column} is ", "if the {column} is ", "for which {column} is ", "when {column} is "];

    private static readonly string[] Attributes =
        ["with {column} ", "having {column} ", "that have {column} ", "with the {column} ", "having the {column} ", "that have a {column} ", "with a {column} "];

    private static readonly PhraseBook Equal = PhraseBook.HoldingOut(
        ["where {column} is {value}", "having the {column} {value}", "with the {column} {value}", "for {column} {value}"],
        PhraseParts.Join([.. Subjects, .. Attributes, "whose {column} equals ", "of {column} ", "for the {column} ", "from {column} "], ["{value}"]));

    private static readonly PhraseBook Unequal = PhraseBook.HoldingOut(
        ["where {column} is not {value}", "except those with {column} {value}"],
        PhraseParts.Join([.. Subjects, "having ", "with "], ["not {value}", "other than {value}"]),
        PhraseParts.Join(["except ", "excluding ", "but without ", "leaving out "], ["those of {column} {value}", "{column} {value}", "the {column} {value}"]),
        ["except those whose {column} is {value}", "but not with {column} {value}", "without {column} {value}", "except where {column} is {value}"]);

    private static readonly PhraseBook Beginning = PhraseBook.HoldingOut(
        ["where {column} starts with {value}", "with a {column} beginning with {value}"],
        PhraseParts.Join(["whose {column} ", "where the {column} ", "where {column} ", "if {column} "], ["starts with {value}", "begins with {value}"]),
        PhraseParts.Join(["with {column} ", "having a {column} ", "with a {column} ", "with the {column} ", "that have a {column} "],
            ["starting with {value}", "beginning with {value}", "that begins with {value}", "that starts with {value}"]));

    private static readonly PhraseBook More = PhraseBook.HoldingOut(
        ["where {column} is above {value}", "having {column} over {value}", "with {column} of more than {value}"],
        PhraseParts.Join([.. Subjects, .. Attributes], ["above {value}", "more than {value}", "over {value}", "greater than {value}", "higher than {value}"]),
        PhraseParts.Join(Attributes, ["of more than {value}", "of over {value}", "larger than {value}"]));

    private static readonly PhraseBook Less = PhraseBook.HoldingOut(
        ["where {column} is below {value}", "having {column} under {value}", "with {column} of less than {value}"],
        PhraseParts.Join([.. Subjects, .. Attributes], ["below {value}", "less than {value}", "under {value}", "smaller than {value}", "lower than {value}"]),
        PhraseParts.Join(Attributes, ["of less than {value}", "of under {value}"]));

    private static readonly PhraseBook Range = PhraseBook.HoldingOut(
        ["where {column} is between {low} and {high}", "having {column} from {low} to {high}"],
        PhraseParts.Join([.. Subjects, .. Attributes], ["between {low} and {high}", "from {low} to {high}", "in the range {low} to {high}"]),
        ["whose {column} lies from {low} to {high}", "where the {column} lies between {low} and {high}"]);

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
