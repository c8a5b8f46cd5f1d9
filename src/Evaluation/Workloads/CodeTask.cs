namespace Atlas.Evaluation.Workloads;

/// <summary>
/// Something that a short function can do: its description and its body in three languages. Placeholders:
/// function <c>{f}</c>, parameters <c>{a}</c> and <c>{b}</c>, a record's field <c>{x}</c>, a constant <c>{n}</c>, a string <c>{s}</c>.
/// </summary>
/// <param name="Descriptions">Ways to say what the function does.</param>
/// <param name="Python">The body in Python.</param>
/// <param name="Ruby">The body in Ruby.</param>
/// <param name="JavaScript">The body in JavaScript.</param>
internal sealed record CodeTask(PhraseBook Descriptions, string Python, string Ruby, string JavaScript)
{
    /// <summary>Every task.</summary>
    public static readonly CodeTask[] All =
    [
        new(
            new(
                ["Sum of {x} over {a} where {x} is above {n}.", "Adds up every {x} in {a} that is above {n}."],
                ["The sum of each {x} above {n} in {a}.", "Add up {x} over {a}, only above {n}."]),
            "total = 0\nfor item in {a}:\n    if item.{x} > {n}:\n        total += item.{x}\nreturn total",
            "{a}.select { |item| item.{x} > {n} }.sum(&:{x})",
            "let total = 0;\nfor (const item of {a})\n  if (item.{x} > {n}) total += item.{x};\nreturn total;"),
        new(
            new(
                ["Number of entries in {a} with {x} below {n}.", "Counts the entries of {a} whose {x} is below {n}."],
                ["How many entries of {a} have {x} below {n}.", "Count {a} where {x} is below {n}."]),
            "return sum(1 for item in {a} if item.{x} < {n})",
            "{a}.count { |item| item.{x} < {n} }",
            "return {a}.filter(item => item.{x} < {n}).length;"),
        new(
            new(
                ["The largest {x} in {a}, or {n} if {a} is empty.", "Greatest {x} of {a}; {n} for an empty list."],
                ["The greatest {x} in {a}, {n} when {a} is empty.", "Largest {x} of {a}, or {n} for none."]),
            "return max((item.{x} for item in {a}), default={n})",
            "{a}.map(&:{x}).max || {n}",
            "return {a}.length ? Math.max(...{a}.map(item => item.{x})) : {n};"),
        new(
            new(
                ["Limits {a} to the range from {b} to {n}.", "Returns {a}, but not below {b} and not above {n}."],
                ["Keeps {a} between {b} and {n}.", "{a}, limited to {b} at least and {n} at most."]),
            "return max({b}, min({a}, {n}))",
            "{a}.clamp({b}, {n})",
            "return Math.max({b}, Math.min({a}, {n}));"),
        new(
            new(
                ["Sorts {a} by {x}, highest first, and keeps {n}.", "The {n} entries of {a} with the highest {x}."],
                ["Keeps the {n} highest of {a} by {x}.", "Top {n} entries of {a}, sorted by {x}."]),
            "return sorted({a}, key=lambda item: item.{x}, reverse=True)[:{n}]",
            "{a}.max_by({n}, &:{x})",
            "return [...{a}].sort((p, q) => q.{x} - p.{x}).slice(0, {n});"),
        new(
            new(
                ["Groups {a} by {x} and counts each group.", "How often each {x} occurs in {a}."],
                ["Counts each {x} of {a}.", "The number of entries in {a} for each {x}."]),
            "counts = {}\nfor item in {a}:\n    counts[item.{x}] = counts.get(item.{x}, 0) + 1\nreturn counts",
            "{a}.map(&:{x}).tally",
            "const counts = {};\nfor (const item of {a})\n  counts[item.{x}] = (counts[item.{x}] ?? 0) + 1;\nreturn counts;"),
        new(
            new(
                ["Fails with \"{s}\" unless {a} is above {n}, else gives {b}.", "Returns {b}; raises \"{s}\" if {a} is {n} or less."],
                ["Gives {b}, but fails with \"{s}\" if {a} is {n} or less.", "Raises \"{s}\" unless {a} is above {n}. Returns {b}."]),
            "if {a} <= {n}:\n    raise ValueError(\"{s}\")\nreturn {b}",
            "raise ArgumentError, \"{s}\" if {a} <= {n}\n{b}",
            "if ({a} <= {n})\n  throw new RangeError(\"{s}\");\nreturn {b};"),
        new(
            new(
                ["Average {x} of {a}, zero if {a} is empty.", "Mean of {x} over {a}; zero for an empty list."],
                ["The mean {x} of {a}, or zero for none.", "Average of each {x} in {a}, zero when empty."]),
            "if not {a}:\n    return 0\nreturn sum(item.{x} for item in {a}) / len({a})",
            "return 0 if {a}.empty?\n{a}.sum(&:{x}).fdiv({a}.size)",
            "if ({a}.length === 0) return 0;\nreturn {a}.reduce((sum, item) => sum + item.{x}, 0) / {a}.length;"),
        new(
            new(
                ["Splits {a} into parts of {n} entries.", "Cuts {a} into pieces, {n} entries each."],
                ["Pieces of {a} with {n} entries each.", "Cuts {a} into parts of {n}."]),
            "return [{a}[i:i + {n}] for i in range(0, len({a}), {n})]",
            "{a}.each_slice({n}).to_a",
            "const parts = [];\nfor (let i = 0; i < {a}.length; i += {n}) parts.push({a}.slice(i, i + {n}));\nreturn parts;"),
        new(
            new(
                ["Removes entries from {a} whose {x} equals {b}.", "All of {a} except entries with {x} equal to {b}."],
                ["{a} without the entries whose {x} is {b}.", "Drops each entry of {a} with {x} equal to {b}."]),
            "return [item for item in {a} if item.{x} != {b}]",
            "{a}.reject { |item| item.{x} == {b} }",
            "return {a}.filter(item => item.{x} !== {b});"),
        new(
            new(
                ["Prints \"{s}\" and {b} for every entry of {a}.", "For each entry of {a}, prints \"{s}\" and {b}."],
                ["Goes over {a} and prints \"{s}\" and {b} each time.", "Prints \"{s}\" with {b}, once for each entry of {a}."]),
            "for _ in {a}:\n    print(\"{s}\", {b})",
            "{a}.each { puts \"{s} #{{b}}\" }",
            "for (const _ of {a})\n  console.log(\"{s}\", {b});"),
        new(
            new(
                ["Multiplies every {x} in {a} by {n}, plus {b}.", "Sets {x} of all {a} to {n} times its value, plus {b}."],
                ["For all of {a}, {x} becomes {n} times {x}, plus {b}.", "Scales {x} in {a} by {n} and adds {b}."]),
            "for item in {a}:\n    item.{x} = item.{x} * {n} + {b}",
            "{a}.each { |item| item.{x} = item.{x} * {n} + {b} }",
            "for (const item of {a})\n  item.{x} = item.{x} * {n} + {b};"),
    ];
}
