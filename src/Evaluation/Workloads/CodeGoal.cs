namespace Atlas.Evaluation.Workloads;

/// <summary>
/// What a function makes of the entries of a list: in words and as a body in three languages, in the one manner that the completion domain
/// has for it. Placeholders: the list <c>{a}</c>, an entry <c>{i}</c>, its field <c>{x}</c>, the condition <c>{if}</c>, in words
/// <c>{which}</c>, a constant <c>{m}</c>.
/// </summary>
/// <param name="Words">What the function returns or does.</param>
/// <param name="RustType">The type of the result in Rust; <c>{T}</c> is that of an entry.</param>
/// <param name="Rust">The body in Rust.</param>
/// <param name="Php">The body in PHP.</param>
/// <param name="Ruby">The body in Ruby.</param>
internal sealed record CodeGoal(PhraseBook Words, string RustType, string Rust, string Php, string Ruby)
{
    /// <summary>Every goal.</summary>
    public static readonly CodeGoal[] All =
    [
        new(
            new(
                [
                    "Sum of {x} over all {a} {which}.",
                    "Adds up {x} of the {a} {which}.",
                    "Returns the sum of {x} of {a} {which}.",
                    "The total {x} of all {a} {which}.",
                    "Total of {x} over the {a} {which}.",
                    "Sums {x} for those {a} {which}.",
                    "What {x} adds up to over {a} {which}.",
                    "Add up the {x} of {a} {which}.",
                    "Sum of {x} for {a} {which}.",
                ],
                ["The sum of {x} for {a} {which}.", "Adds {x} over those {a} {which}."]),
            "u64",
            "{a}.iter()\n    .filter(|{i}| {if})\n    .map(|{i}| {i}.{x})\n    .sum()",
            "$sum = 0;\nforeach (${a} as ${i}) {\n    if ({if}) {\n        $sum += ${i}->{x};\n    }\n}\nreturn $sum;",
            "sum = 0\n{a}.each do |{i}|\n  sum += {i}.{x} if {if}\nend\nsum"),
        new(
            new(
                [
                    "Number of {a} {which}, with a warning above {m}.",
                    "Counts the {a} {which} and warns when there are more than {m}.",
                    "The number of {a} {which}; warns above {m}.",
                    "Counts all {a} {which}; logs a warning when above {m}.",
                    "How many of the {a} are there {which}, with a warning above {m}.",
                    "Count of {a} {which}, warns if more than {m}.",
                    "Counts {a} {which} and warns if above {m}.",
                    "Number of those {a} {which}; a warning above {m}.",
                ],
                ["How many {a} there are {which}; warns above {m}.", "Counts {a} {which}, with a warning if above {m}."]),
            "usize",
            "let count = {a}.iter().filter(|{i}| {if}).count();\nif count > {m} {\n    warn!(\"{} matches\", count);\n}\ncount",
            "$found = array_filter(${a}, fn (${i}) => {if});\nif (count($found) > {m}) {\n"
                + "    error_log(count($found) . ' matches');\n}\nreturn count($found);",
            "count = {a}.count { |{i}| {if} }\nlogger.warn(\"#{count} matches\") if count > {m}\ncount"),
        new(
            new(
                [
                    "The largest {x} among {a} {which}, or {m} if there is none.",
                    "Greatest {x} of the {a} {which}; {m} without any.",
                    "The highest {x} of {a} {which}, {m} if there is none.",
                    "The maximum {x} among {a} {which}; {m} for none.",
                    "Largest {x} over the {a} {which}, else {m}.",
                    "Maximum of {x} for {a} {which}, or {m} if empty.",
                    "The greatest {x} over all {a} {which}, {m} without any.",
                    "Returns the largest {x} of {a} {which}, or {m} for none.",
                ],
                ["Largest {x} of those {a} {which}, {m} for none.", "The maximum of {x} over {a} {which}, {m} if empty."]),
            "u64",
            "let mut best = None;\nfor {i} in {a} {\n    if {if} {\n        best = best.max(Some({i}.{x}));\n    }\n}\nbest.unwrap_or({m})",
            "$best = null;\nforeach (${a} as ${i}) {\n    if ({if} && ($best === null || ${i}->{x} > $best)) {\n"
                + "        $best = ${i}->{x};\n    }\n}\nreturn $best ?? {m};",
            "best = {a}.select { |{i}| {if} }.max_by(&:{x})\nreturn {m} if best.nil?\n\nbest.{x}"),
        new(
            new(
                [
                    "Mean {x} of the {a} {which}, {m} if there is none.",
                    "Average of {x} over {a} {which}; {m} for an empty list.",
                    "Mean of {x} over {a} {which}, {m} if empty.",
                    "The mean {x} of those {a} {which}; {m} if there is none.",
                    "Average {x} for {a} {which}, or {m} without any.",
                    "Returns the average of {x} for the {a} {which}, {m} for none.",
                    "The average of {x} over all {a} {which}, else {m}.",
                    "What {x} is on average for {a} {which}; {m} when empty.",
                ],
                ["The average {x} of {a} {which}, {m} when empty.", "Mean of {x} for those {a} {which}, else {m}."]),
            "u64",
            "let mut total = 0;\nlet mut count = 0;\nfor {i} in {a}.iter().filter(|{i}| {if}) {\n    total += {i}.{x};\n"
                + "    count += 1;\n}\nif count == 0 { {m} } else { total / count }",
            "$values = [];\nforeach (${a} as ${i}) {\n    if ({if}) {\n        $values[] = ${i}->{x};\n    }\n}\n"
                + "if ($values === []) {\n    return {m};\n}\nreturn array_sum($values) / count($values);",
            "values = {a}.select { |{i}| {if} }.map(&:{x})\nreturn {m} if values.empty?\n\nvalues.sum.fdiv(values.size)"),
        new(
            new(
                [
                    "Counts the {a} {which} by {x}.",
                    "How often each {x} occurs among {a} {which}.",
                    "Counts {a} {which} for each {x}.",
                    "How many {a} {which} there are for each {x}.",
                    "A table of {x} with the number of {a} {which}.",
                    "Groups the {a} {which} by {x} and counts them.",
                    "The count of {a} {which} by {x}.",
                    "For each {x}, the number of those {a} {which}.",
                ],
                ["Number of {a} {which} for each {x}.", "A count by {x} of those {a} {which}."]),
            "HashMap<u64, usize>",
            "let mut counts = HashMap::new();\nfor {i} in {a} {\n    if {if} {\n"
                + "        *counts.entry({i}.{x}).or_insert(0) += 1;\n    }\n}\ncounts",
            "$counts = [];\nforeach (${a} as ${i}) {\n    if (!({if})) {\n        continue;\n    }\n"
                + "    $counts[${i}->{x}] = ($counts[${i}->{x}] ?? 0) + 1;\n}\nreturn $counts;",
            "counts = Hash.new(0)\n{a}.each do |{i}|\n  counts[{i}.{x}] += 1 if {if}\nend\ncounts"),
        new(
            new(
                [
                    "Lists {x} of the {a} {which}, each once, in order.",
                    "The different values of {x} among {a} {which}, sorted.",
                    "The sorted {x} of {a} {which}, each once.",
                    "Returns all different {x} of those {a} {which}, in order.",
                    "Unique values of {x} for the {a} {which}, sorted.",
                    "Every {x} that occurs among {a} {which}, once and in order.",
                    "Sorted list of the different {x} of {a} {which}.",
                    "All {x} of {a} {which}, sorted, each once.",
                ],
                ["All different {x} of {a} {which} in order.", "Sorted values of {x} for {a} {which}, each once."]),
            "Vec<u64>",
            "let mut values: Vec<_> = {a}\n    .iter()\n    .filter(|{i}| {if})\n    .map(|{i}| {i}.{x}.clone())\n"
                + "    .collect();\nvalues.sort();\nvalues.dedup();\nvalues",
            "$values = [];\nforeach (${a} as ${i}) {\n    if ({if}) {\n        $values[${i}->{x}] = true;\n    }\n}\n"
                + "ksort($values);\nreturn array_keys($values);",
            "values = {a}.filter_map do |{i}|\n  {i}.{x} if {if}\nend\nvalues.uniq.sort"),
        new(
            new(
                [
                    "Fails if {x} is above {m} for any of the {a} {which}.",
                    "Checks that no {x} of {a} {which} exceeds {m}.",
                    "Throws an error when {x} of any of the {a} {which} is above {m}.",
                    "Raises an error if any {x} of {a} {which} exceeds {m}.",
                    "Checks that {x} is not above {m} for the {a} {which}.",
                    "Fails when any of the {a} {which} has {x} above {m}.",
                    "Makes sure that no {x} exceeds {m} for {a} {which}.",
                    "An error if one of the {a} {which} has {x} over {m}.",
                ],
                ["Raises an error when {x} of any {a} {which} is above {m}.", "Makes sure that {x} stays within {m} for {a} {which}."]),
            "Result<(), String>",
            "for {i} in {a}.iter().filter(|{i}| {if}) {\n    if {i}.{x} > {m} {\n"
                + "        return Err(format!(\"{x} is {}, above {m}\", {i}.{x}));\n    }\n}\nOk(())",
            "foreach (${a} as ${i}) {\n    if ({if} && ${i}->{x} > {m}) {\n"
                + "        throw new RangeException(\"{x} is {${i}->{x}}, above {m}\");\n    }\n}",
            "{a}.each do |{i}|\n  next unless {if}\n  raise ArgumentError, \"{x} is #{{i}.{x}}, above {m}\" if {i}.{x} > {m}\nend"),
        new(
            new(
                [
                    "The {m} {a} with the highest {x}, only those {which}.",
                    "Sorts the {a} {which} by {x}, highest first, and keeps {m}.",
                    "The {m} highest by {x} of the {a} {which}.",
                    "The top {m} of {a} {which} by {x}.",
                    "Returns the {m} {a} {which} that have the highest {x}.",
                    "First {m} by {x}, highest first, of {a} {which}.",
                    "Keeps {m} of the {a} {which}, those with the highest {x}.",
                    "Takes the {m} with the largest {x} among {a} {which}.",
                ],
                ["Top {m} by {x} of the {a} {which}.", "Keeps the {m} highest by {x} among {a} {which}."]),
            "Vec<&{T}>",
            "let mut found: Vec<_> = {a}.iter().filter(|{i}| {if}).collect();\n"
                + "found.sort_by(|left, right| right.{x}.cmp(&left.{x}));\nfound.truncate({m});\nfound",
            "$found = array_filter(${a}, fn (${i}) => {if});\nusort($found, fn ($left, $right) => $right->{x} <=> $left->{x});\n"
                + "return array_slice($found, 0, {m});",
            "{a}\n  .select { |{i}| {if} }\n  .sort_by { |{i}| -{i}.{x} }\n  .first({m})"),
        new(
            new(
                [
                    "Adds {m} to {x} of every one of the {a} {which}; returns how many changed.",
                    "Raises {x} by {m} for {a} {which} and counts them.",
                    "Increases {x} of the {a} {which} by {m} and returns their number.",
                    "Adds {m} to {x} for {a} {which}, counts them.",
                    "For all {a} {which}, raises {x} by {m}; returns how many.",
                    "Every {x} of {a} {which} grows by {m}; counts the changes.",
                    "Raises the {x} of those {a} {which} by {m}, returns their number.",
                    "{x} goes up by {m} for each of the {a} {which}; returns how many changed.",
                ],
                [
                    "Increases {x} by {m} for all {a} {which}, returns their number.",
                    "For each of the {a} {which}, adds {m} to {x} and counts it.",
                ]),
            "usize",
            "let mut changed = 0;\nfor {i} in {a}.iter_mut() {\n    if {if} {\n        {i}.{x} += {m};\n        changed += 1;\n"
                + "    }\n}\nchanged",
            "$changed = 0;\nforeach (${a} as ${i}) {\n    if ({if}) {\n        ${i}->{x} += {m};\n        $changed++;\n    }\n}\n"
                + "return $changed;",
            "changed = {a}.select { |{i}| {if} }\nchanged.each { |{i}| {i}.{x} += {m} }\nchanged.size"),
        new(
            new(
                [
                    "The first of the {a} {which}; its {x} becomes {m}.",
                    "Finds one of the {a} {which} and sets its {x} to {m}.",
                    "Looks for the first of {a} {which} and sets {x} to {m}.",
                    "Sets {x} of the first of the {a} {which} to {m}.",
                    "Finds the first one of {a} {which}, whose {x} becomes {m}.",
                    "Gives {m} as {x} to the first of {a} {which}.",
                    "Takes one of the {a} {which} and makes its {x} {m}.",
                    "Finds one of {a} {which}; sets its {x} to {m}.",
                ],
                ["Finds the first of {a} {which}, sets {x} to {m}.", "Looks for one of {a} {which}; gives it {m} as {x}."]),
            "Option<&{T}>",
            "let found = {a}.iter_mut().find(|{i}| {if});\nif let Some({i}) = found {\n    {i}.{x} = {m};\n    return Some({i});\n}\nNone",
            "foreach (${a} as ${i}) {\n    if ({if}) {\n        ${i}->{x} = {m};\n        return ${i};\n    }\n}\nreturn null;",
            "{i} = {a}.find { |{i}| {if} }\nreturn if {i}.nil?\n\n{i}.{x} = {m}\n{i}"),
    ];
}
