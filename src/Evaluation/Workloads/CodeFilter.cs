namespace Atlas.Evaluation.Workloads;

/// <summary>
/// Which entries of a list a function looks at: in words and as a condition in three languages. Placeholders: the entry <c>{i}</c>, its
/// field <c>{y}</c>, the other parameter <c>{b}</c>, a constant <c>{n}</c>, a text <c>{s}</c>.
/// </summary>
internal sealed record CodeFilter(PhraseBook Words, string Rust, string Php, string Ruby)
{
    /// <summary>Every filter.</summary>
    public static readonly CodeFilter[] All =
    [
        new(new(["whose {y} is above {n}", "with {y} over {n}"], ["where {y} is above {n}", "that have {y} over {n}"]),
            "{i}.{y} > {n}", "${i}->{y} > {n}", "{i}.{y} > {n}"),
        new(new(["whose {y} is below {n}", "with {y} under {n}"], ["where {y} is below {n}", "that have {y} under {n}"]),
            "{i}.{y} < {n}", "${i}->{y} < {n}", "{i}.{y} < {n}"),
        new(new(["whose {y} is at least {b}", "with {y} of {b} or more"], ["where {y} is at least {b}", "that have {y} of {b} or more"]),
            "{i}.{y} >= {b}", "${i}->{y} >= ${b}", "{i}.{y} >= {b}"),
        new(new(["whose {y} is {b}", "with {y} equal to {b}"], ["where {y} is {b}", "that have {y} equal to {b}"]),
            "{i}.{y} == {b}", "${i}->{y} === ${b}", "{i}.{y} == {b}"),
        new(new(["whose {y} is \"{s}\"", "with {y} equal to \"{s}\""], ["where {y} is \"{s}\"", "that have {y} equal to \"{s}\""]),
            "{i}.{y} == \"{s}\"", "${i}->{y} === '{s}'", "{i}.{y} == \"{s}\""),
        new(new(["whose {y} is a multiple of {n}", "with {y} divisible by {n}"], ["where {y} is a multiple of {n}", "that have {y} divisible by {n}"]),
            "{i}.{y} % {n} == 0", "${i}->{y} % {n} === 0", "({i}.{y} % {n}).zero?"),
    ];
}
