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

    // Before what is wanted.
    private static readonly string[] Asking = ["List ", "Show ", "Give me ", "Find ", "I want ", "Get ", "Return ", "Print ", "We need ", "Tell me ", "Please show "];

    /// <summary>Every kind.</summary>
    public static readonly SqlQueryKind[] All =
    [
        new(
            false,
            PhraseBook.HoldingOut(
                ["Give me {a} and {b} of the {t} {where}.", "I want the {a} and {b} for {t} {where}.", "Find {a} and {b} of {t} {where}."],
                PhraseParts.Join(Asking, ["the ", ""], ["{a} and {b} "], ["of {t} {where}.", "for all {t} {where}.", "of the {t} {where}.", "for {t} {where}."]),
                ["What are the {a} and {b} of {t} {where}?", "For {t} {where}, what are {a} and {b}?", "{a} and {b} of {t} {where}?"]),
            "SELECT {a}, {b}\nFROM {t}\nWHERE {where}\nORDER BY {a};"),
        new(
            false,
            PhraseBook.HoldingOut(
                ["How many {t} do we have {where}?", "Give me the number of {t} {where}.", "I want to count {t} {where}."],
                PhraseParts.Join(Asking, ["the number of ", "how many there are of ", "the count of "], ["{t} {where}.", "the {t} {where}.", "all {t} {where}."]),
                PhraseParts.Join(["Count ", "Please count ", "We want to count ", "Could you count "], ["the {t} {where}.", "{t} {where}.", "all {t} {where}."]),
                ["How many {t} are there {where}?", "What is the number of {t} {where}?", "How many are the {t} {where}?", "How many {t} exist {where}?"]),
            "SELECT COUNT(*) AS count\nFROM {t}\nWHERE {where};"),
        new(
            false,
            PhraseBook.HoldingOut(
                [
                    "Give me the {f} {n} of {t} by {a}, {where}.", "Find for each {a} the {f} {n} of {t} {where}.",
                    "I want the {f} {n} per {a} of {t} {where}.",
                ],
                PhraseParts.Join(Asking, ["the {f} {n} "], ["by {a} for {t} {where}.", "of {t} by {a}, {where}.", "per {a} of {t} {where}.", "for each {a} of {t} {where}."]),
                PhraseParts.Join(Asking, ["for each {a} ", "by {a} ", "per {a} "], ["the {f} {n} of {t} {where}.", "the {f} {n} of the {t} {where}."]),
                ["What is the {f} {n} of {t} for each {a}, {where}?", "For each {a}, compute the {f} {n} of {t} {where}.", "What is the {f} {n} per {a} of {t} {where}?"]),
            "SELECT {a}, {f}({n}) AS result\nFROM {t}\nWHERE {where}\nGROUP BY {a}\nORDER BY result DESC;"),
        new(
            false,
            PhraseBook.HoldingOut(
                ["Give me the {a} of the top {k} {t} by {n}, {where}.", "Find the {a} of the {k} {t} with most {n}, {where}."],
                PhraseParts.Join(
                    Asking, ["the {a} of ", "{a} of ", "each {a} of "],
                    ["the {k} {t} with the most {n}, {where}.", "the top {k} {t} by {n}, {where}.", "the first {k} {t} by {n}, {where}.", "the {k} {t} with most {n}, {where}."]),
                ["Which {a} have the top {k} {t} by {n}, {where}?", "List the {a} of {t}, first {k} by {n}, {where}."]),
            "SELECT {a}, {n}\nFROM {t}\nWHERE {where}\nORDER BY {n} DESC\nLIMIT {k};"),
        new(
            false,
            PhraseBook.HoldingOut(
                ["Give me every {a} that has more than {k} {t} {where}.", "Find each {a} with over {k} {t} {where}."],
                PhraseParts.Join(
                    Asking, ["each {a} ", "every {a} ", "all {a} "],
                    ["with more than {k} {t} {where}.", "that has more than {k} {t} {where}.", "with over {k} {t} {where}.", "having over {k} {t} {where}."]),
                ["Which {a} have more than {k} {t} {where}?", "Where do we have more than {k} {t} for one {a}, {where}?", "Which {a} has over {k} {t} {where}?"]),
            "SELECT {a}, COUNT(*) AS count\nFROM {t}\nWHERE {where}\nGROUP BY {a}\nHAVING COUNT(*) > {k};"),
        new(
            true,
            PhraseBook.HoldingOut(
                ["Give me the {a} of {t} together with the {c} of the {r}, {where}.", "Find {a} and {c} of the {r} for {t} {where}."],
                PhraseParts.Join(
                    Asking, ["the {a} of {t} ", "{a} of {t} ", "{a} of the {t} "],
                    ["and the {c} of their {r}, {where}.", "with the {c} of the {r}, {where}.", "together with the {c} of the {r}, {where}.", "and {c} of the {r}, {where}."]),
                PhraseParts.Join(Asking, ["the ", ""], ["{a} and the {c} of the {r} for {t} {where}.", "{a} and {c} of the {r} for {t} {where}."]),
                ["For {t} {where}, what are the {a} and the {c} of the {r}?", "What are {a} and {c} of the {r} for {t} {where}?"]),
            "SELECT {t}.{a}, {u}.{c}\nFROM {t}\nJOIN {u} ON {u}.id = {t}.{r}_id\nWHERE {where};"),
        new(
            true,
            PhraseBook.HoldingOut(
                ["Give me the {f} {n} of {t} by {c} of the {r}, {where}.", "Find for each {c} of the {r} the {f} {n} of {t} {where}."],
                PhraseParts.Join(
                    Asking, ["the {f} {n} "],
                    ["by {c} of the {r} for {t} {where}.", "of {t} by {c} of the {r}, {where}.", "per {c} of the {r} for {t} {where}.", "of {t} for each {c} of the {r}, {where}."]),
                PhraseParts.Join(Asking, ["for each {c} of the {r} ", "by {c} of the {r} ", "per {c} of the {r} "], ["the {f} {n} of {t} {where}."]),
                ["What is the {f} {n} of {t} for each {c} of the {r}, {where}?", "For each {c} of the {r}, compute the {f} {n} of {t} {where}."]),
            "SELECT {u}.{c}, {f}({t}.{n}) AS result\nFROM {t}\nJOIN {u} ON {u}.id = {t}.{r}_id\nWHERE {where}\nGROUP BY {u}.{c};"),
    ];
}
