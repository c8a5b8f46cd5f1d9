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
        new(new([
            "whose {y} is above {n}", "with {y} over {n}", "having {y} above {n}", "for which {y} is over {n}", "with {y} more than {n}", "whose {y} exceeds {n}",
            "where {y} is more than {n}", "if {y} is above {n}", "that have a {y} above {n}", "with {y} greater than {n}"], ["where {y} is above {n}", "that have {y} over {n}"]),
            "{i}.{y} > {n}", "${i}->{y} > {n}", "{i}.{y} > {n}"),
        new(new([
            "whose {y} is below {n}", "with {y} under {n}", "having {y} below {n}", "for which {y} is under {n}", "with {y} less than {n}", "where {y} is less than {n}",
            "if {y} is below {n}", "that have a {y} below {n}", "with {y} smaller than {n}"], ["where {y} is below {n}", "that have {y} under {n}"]),
            "{i}.{y} < {n}", "${i}->{y} < {n}", "{i}.{y} < {n}"),
        new(new([
            "whose {y} is at least {b}", "with {y} of {b} or more", "having {y} at least {b}", "for which {y} is {b} or more", "with {y} not less than {b}", "where {y} is {b} or more",
            "if {y} is at least {b}", "that have at least {b} as {y}", "with {y} at least {b}"], ["where {y} is at least {b}", "that have {y} of {b} or more"]),
            "{i}.{y} >= {b}", "${i}->{y} >= ${b}", "{i}.{y} >= {b}"),
        new(new([
            "whose {y} is {b}", "with {y} equal to {b}", "having {b} as {y}", "for which {y} equals {b}", "with {b} as {y}", "where {y} equals {b}", "if {y} is {b}",
            "that have {b} as {y}", "with {y} {b}"], ["where {y} is {b}", "that have {y} equal to {b}"]),
            "{i}.{y} == {b}", "${i}->{y} === ${b}", "{i}.{y} == {b}"),
        new(new([
            "whose {y} is \"{s}\"", "with {y} equal to \"{s}\"", "having \"{s}\" as {y}", "for which {y} equals \"{s}\"", "with \"{s}\" as {y}", "where {y} equals \"{s}\"",
            "if {y} is \"{s}\"", "that have \"{s}\" as {y}", "with {y} \"{s}\""], ["where {y} is \"{s}\"", "that have {y} equal to \"{s}\""]),
            "{i}.{y} == \"{s}\"", "${i}->{y} === '{s}'", "{i}.{y} == \"{s}\""),
        new(new([
            "whose {y} is a multiple of {n}", "with {y} divisible by {n}", "having {y} divisible by {n}", "for which {y} is divisible by {n}", "where {y} can be divided by {n}",
            "if {y} is a multiple of {n}", "with a multiple of {n} as {y}", "where {n} divides {y}"], ["where {y} is a multiple of {n}", "that have {y} divisible by {n}"]),
            "{i}.{y} % {n} == 0", "${i}->{y} % {n} === 0", "({i}.{y} % {n}).zero?"),
    ];
}
