namespace Atlas.Evaluation.Workloads;

/// <summary>
/// A kind of query: how it is asked and its SQL. Placeholders: table <c>{t}</c>, text columns <c>{a}</c> and <c>{b}</c>, number column
/// <c>{n}</c>, row count <c>{k}</c>, condition <c>{where}</c>, aggregate <c>{f}</c>; questions say names in words.
/// </summary>
/// <param name="Questions">Ways to ask.</param>
/// <param name="Sql">The query.</param>
internal sealed record SqlQueryKind(PhraseBook Questions, string Sql)
{
    /// <summary>Aggregate functions and what questions call them.</summary>
    public static readonly (string Function, string Word)[] Aggregates =
        [("AVG", "average"), ("SUM", "total"), ("MIN", "lowest"), ("MAX", "highest")];

    /// <summary>Every kind.</summary>
    public static readonly SqlQueryKind[] Kinds =
    [
        new(
            new(
                ["List the {a} and {b} of {t}{where}.", "Show {a} and {b} for all {t}{where}.", "What are the {a} and {b} of {t}{where}?"],
                ["Give me {a} and {b} of the {t}{where}.", "I want the {a} and {b} for {t}{where}.", "Find {a} and {b} of {t}{where}."]),
            "SELECT {a}, {b} FROM {t}{where};"),
        new(
            new(
                ["List the {a} of {t}{where}.", "Show the {a} for all {t}{where}.", "Which {a} do we know of {t}{where}?"],
                ["Give me the {a} of the {t}{where}.", "I want the {a} for {t}{where}.", "Find the {a} of {t}{where}."]),
            "SELECT {a} FROM {t}{where};"),
        new(
            new(
                ["How many {t} are there{where}?", "Count the {t}{where}.", "What is the number of {t}{where}?"],
                ["How many {t} do we have{where}?", "Give me the number of {t}{where}.", "I want to count {t}{where}."]),
            "SELECT COUNT(*) FROM {t}{where};"),
        new(
            new(
                ["What is the {f} {n} of {t}{where}?", "Show the {f} {n} for all {t}{where}.", "Compute the {f} {n} of {t}{where}."],
                ["Give me the {f} {n} of the {t}{where}.", "I want the {f} {n} for {t}{where}.", "Find the {f} {n} of {t}{where}."]),
            "SELECT {f}({n}) FROM {t}{where};"),
        new(
            new(
                [
                    "What is the {f} {n} of {t} for each {a}{where}?", "Show the {f} {n} by {a} for {t}{where}.",
                    "For each {a}, compute the {f} {n} of {t}{where}.",
                ],
                [
                    "Give me the {f} {n} of {t} by {a}{where}.", "Find for each {a} the {f} {n} of {t}{where}.",
                    "I want the {f} {n} per {a} of {t}{where}.",
                ]),
            "SELECT {a}, {f}({n}) FROM {t}{where} GROUP BY {a};"),
        new(
            new(
                [
                    "Show the {a} of the {k} {t} with the most {n}{where}.", "Which {a} have the top {k} {t} by {n}{where}?",
                    "List the {a} of {t}{where}, first {k} by {n}.",
                ],
                ["Give me the {a} of the top {k} {t} by {n}{where}.", "Find the {a} of the {k} {t} with most {n}{where}."]),
            "SELECT {a} FROM {t}{where} ORDER BY {n} DESC LIMIT {k};"),
        new(
            new(
                ["Which different {a} occur in {t}{where}?", "List each {a} of {t} once{where}.", "Show all different {a} of {t}{where}."],
                ["Give me the different {a} of {t}{where}.", "Find each different {a} in {t}{where}."]),
            "SELECT DISTINCT {a} FROM {t}{where};"),
    ];
}
