namespace Atlas.Evaluation.Workloads;

/// <summary>
/// A kind of query: how it is asked and its SQL. Placeholders: table <c>{t}</c>, text columns <c>{a}</c> and <c>{b}</c>, number column
/// <c>{n}</c>, row count <c>{k}</c>, condition <c>{where}</c>, aggregate <c>{f}</c>; of a joined table <c>{u}</c>, its text column
/// <c>{c}</c> and its row's name <c>{r}</c>. Questions say names in words.
/// </summary>
/// <param name="Joins">Whether there is a second table.</param>
/// <param name="Questions">Ways to ask.</param>
/// <param name="Sql">The query.</param>
internal sealed record SqlQueryKind(bool Joins, PhraseBook Questions, string Sql)
{
    /// <summary>Aggregate functions and what questions call them.</summary>
    public static readonly (string Function, string Word)[] Aggregates =
        [("AVG", "average"), ("SUM", "total"), ("MIN", "lowest"), ("MAX", "highest")];

    /// <summary>Every kind.</summary>
    public static readonly SqlQueryKind[] All =
    [
        new(
            false,
            new(
                [
                    "List the {a} and {b} of {t} {where}.",
                    "Show {a} and {b} for all {t} {where}.",
                    "What are the {a} and {b} of {t} {where}?",
                ],
                ["Give me {a} and {b} of the {t} {where}.", "I want the {a} and {b} for {t} {where}.", "Find {a} and {b} of {t} {where}."]),
            "SELECT {a}, {b}\nFROM {t}\nWHERE {where}\nORDER BY {a};"),
        new(
            false,
            new(
                ["How many {t} are there {where}?", "Count the {t} {where}.", "What is the number of {t} {where}?"],
                ["How many {t} do we have {where}?", "Give me the number of {t} {where}.", "I want to count {t} {where}."]),
            "SELECT COUNT(*) AS count\nFROM {t}\nWHERE {where};"),
        new(
            false,
            new(
                [
                    "What is the {f} {n} of {t} for each {a}, {where}?", "Show the {f} {n} by {a} for {t} {where}.",
                    "For each {a}, compute the {f} {n} of {t} {where}.",
                ],
                [
                    "Give me the {f} {n} of {t} by {a}, {where}.", "Find for each {a} the {f} {n} of {t} {where}.",
                    "I want the {f} {n} per {a} of {t} {where}.",
                ]),
            "SELECT {a}, {f}({n}) AS result\nFROM {t}\nWHERE {where}\nGROUP BY {a}\nORDER BY result DESC;"),
        new(
            false,
            new(
                [
                    "Show the {a} of the {k} {t} with the most {n}, {where}.", "Which {a} have the top {k} {t} by {n}, {where}?",
                    "List the {a} of {t}, first {k} by {n}, {where}.",
                ],
                ["Give me the {a} of the top {k} {t} by {n}, {where}.", "Find the {a} of the {k} {t} with most {n}, {where}."]),
            "SELECT {a}, {n}\nFROM {t}\nWHERE {where}\nORDER BY {n} DESC\nLIMIT {k};"),
        new(
            false,
            new(
                [
                    "Which {a} have more than {k} {t} {where}?", "List each {a} with more than {k} {t} {where}.",
                    "Where do we have more than {k} {t} for one {a}, {where}?",
                ],
                ["Give me every {a} that has more than {k} {t} {where}.", "Find each {a} with over {k} {t} {where}."]),
            "SELECT {a}, COUNT(*) AS count\nFROM {t}\nWHERE {where}\nGROUP BY {a}\nHAVING COUNT(*) > {k};"),
        new(
            true,
            new(
                [
                    "List the {a} of {t} and the {c} of their {r}, {where}.", "Show {a} of {t} with the {c} of the {r}, {where}.",
                    "For {t} {where}, what are the {a} and the {c} of the {r}?",
                ],
                ["Give me the {a} of {t} together with the {c} of the {r}, {where}.", "Find {a} and {c} of the {r} for {t} {where}."]),
            "SELECT {t}.{a}, {u}.{c}\nFROM {t}\nJOIN {u} ON {u}.id = {t}.{r}_id\nWHERE {where};"),
        new(
            true,
            new(
                [
                    "What is the {f} {n} of {t} for each {c} of the {r}, {where}?", "Show the {f} {n} by {c} of the {r} for {t} {where}.",
                    "For each {c} of the {r}, compute the {f} {n} of {t} {where}.",
                ],
                ["Give me the {f} {n} of {t} by {c} of the {r}, {where}.", "Find for each {c} of the {r} the {f} {n} of {t} {where}."]),
            "SELECT {u}.{c}, {f}({t}.{n}) AS result\nFROM {t}\nJOIN {u} ON {u}.id = {t}.{r}_id\nWHERE {where}\nGROUP BY {u}.{c};"),
    ];
}
