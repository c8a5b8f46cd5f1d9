namespace Atlas.Evaluation.Workloads;

/// <summary>
/// What short functions look like in one programming language. Lines hold placeholders: function <c>{f}</c>, variables <c>{a}</c>,
/// <c>{b}</c>, <c>{c}</c>, constants <c>{n}</c>, <c>{m}</c>, a string <c>{s}</c>, an arithmetic
/// operator <c>{o}</c> and a comparison <c>{q}</c>.
/// </summary>
/// <param name="Headers">First lines; <c>{a}</c> and <c>{b}</c> are the parameters.</param>
/// <param name="First">The statement that gives <c>{c}</c> its value.</param>
/// <param name="Statements">Statements of one or two lines between.</param>
/// <param name="Returns">The last statement.</param>
/// <param name="Footer">What closes the function, empty where indentation does.</param>
internal sealed record CodeLanguage(string[] Headers, string[] First, string[] Statements, string[] Returns, string Footer)
{
    private const int MostLines = 6;

    private static readonly string[] Operators = ["+", "-", "*", "/", "%"];
    private static readonly string[] Comparisons = ["<", ">", "<=", ">=", "==", "!="];

    /// <summary>Every language.</summary>
    public static readonly CodeLanguage[] All =
    [
        new(
            ["def {f}({a}, {b}):", "def {f}({a}, {b}={m}):", "def {f}(self, {a}, {b}):"],
            [
                "    {c} = {a} {o} {n}", "    {c} = {n} {o} {b}", "    {c} = len({a}) {o} {n}", "    {c} = max({a}, {n})",
                "    {c} = {a}[{n}]", "    {c} = {b}.get({n}, {a})", "    {c} = range({n}, {b})", "    {c} = ({a} {o} {b}) {o} {n}",
            ],
            [
                "    {c} += {b}", "    {b} = {a} {o} {m}", "    print(\"{s}\", {b})", "    log(\"{s}\", {m})",
                "    if {b} {q} {m}:\n        {c} = {a}",
                "    {a} = abs({b} {o} {m})", "    while {c} {q} {m}:\n        {c} += {a}", "    assert {b} {q} {m}, \"{s}\"",
                "    {a}.append({c} {o} {m})", "    del {a}[{m}]", "    {b} = [{c}] * {m}",
            ],
            ["    return {c}", "    return {c} {o} {b}", "    return {a}, {c}", "    yield {c}", "    return {a} {q} {c}"],
            ""),
        new(
            ["int {f}(int {a}, int {b}) {", "long {f}(long {a}, int {b}) {", "void {f}(int *{a}, int {b}) {",
             "int {f}(char {a}, long {b}) {"],
            [
                "  int {c} = {a} {o} {n};", "  int {c} = {b} << {n};", "  long {c} = {n} {o} {a};", "  int {c} = {a}[{n}];",
                "  long {c} = ({a} {o} {b}) {o} {n};", "  char {c} = {a} ^ {n};", "  int {c} = min({b}, {n});",
            ],
            [
                "  {c} += {b};", "  {b} = {a} {o} {m};", "  if ({b} {q} {m}) {c} = {a};", "  while ({c} {q} {m}) {c} += {a};",
                "  assert({b} {q} {m} && \"{s}\");", "  {a} |= {b} & {m};", "  printf(\"{s} %d\", {b} {o} {m});",
                "  trace(\"{s}\", {c});", "  free({a} + {m});",
            ],
            ["  return {c};", "  return {c} {o} {b};", "  return {a} {o} {c};", "  *{a} = {c};", "  return {b} {q} {c};"],
            "}"),
        new(
            ["function {f}({a}, {b}) {", "{f}({a}, {b} = {m}) {", "async {f}({a}, {b}) {", "const {f} = ({a}, {b}) => {"],
            [
                "  let {c} = {a} {o} {n};", "  let {c} = {n} {o} {b};", "  let {c} = {a}.length {o} {n};",
                "  var {c} = Math.max({b}, {n});",
                "  let {c} = {a}[{n}] {o} {b};", "  var {c} = {b}.slice({n});",
            ],
            [
                "  {c} += {b};", "  {b} = {a} {o} {m};", "  if ({b} {q} {m}) {c} = {a};", "  console.log(\"{s}\", {b});",
                "  warn(\"{s}\", {m});",
                "  {a}.push({b} {o} {m});", "  if ({a} {q} {m}) throw \"{s}\";", "  await {b}({c}, {m});",
            ],
            ["  return {c};", "  return {c} {o} {b};", "  return [{a}, {c}];", "  return {a} {q} {c};"],
            "}"),
    ];

    /// <summary>Draws the lines of a function of three to six lines, operators filled in; names, constants and strings stay open.</summary>
    public string Skeleton(ItemDraw draw)
    {
        List<string> lines = [draw.Pick<string>(Headers), draw.Pick<string>(First)];
        lines.AddRange(draw.Some<string>(Statements, draw.Between(0, Footer.Length == 0 ? 2 : 1)));
        if (lines.Sum(statement => statement.Count(c => c == '\n') + 1) > MostLines - 1)
            lines.RemoveAt(lines.Count - 1);
        lines.Add(draw.Pick<string>(Returns));
        if (Footer.Length > 0)
            lines.Add(Footer);
        return Fill(Fill(string.Join('\n', lines), "{o}", Operators, draw), "{q}", Comparisons, draw);
    }

    private static string Fill(string code, string placeholder, string[] choices, ItemDraw draw)
    {
        string[] parts = code.Split(placeholder);
        string filled = parts[0];
        foreach (string part in parts.AsSpan(1))
            filled += draw.Pick<string>(choices) + part;
        return filled;
    }
}
