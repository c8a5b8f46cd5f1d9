namespace Atlas.Evaluation.Workloads;

/// <summary>
/// How statements look in one of the languages of the edits domain. Placeholders: a function <c>{f}</c>, its parameters <c>{a}</c> and
/// <c>{b}</c> and what an added one is declared by, <c>{more}</c>; a variable that the statement sets <c>{v}</c>, variables that it reads
/// <c>{x}</c> and <c>{y}</c>, functions that it calls <c>{g}</c> and <c>{h}</c>, a number <c>{n}</c>, a text <c>{s}</c>, an operator
/// <c>{o}</c>.
/// </summary>
/// <param name="Headers">First lines.</param>
/// <param name="Declaration">What goes before an added parameter.</param>
/// <param name="Operations">Lines that set a variable by an operator.</param>
/// <param name="Calls">Lines that set a variable by a call.</param>
/// <param name="Blocks">Conditions and loops of two lines or more, with a text or number in them.</param>
/// <param name="Notes">Lines that call <c>{g}</c> and set nothing.</param>
/// <param name="Returns">Last statements.</param>
/// <param name="Footer">What closes the function, empty where indentation does.</param>
internal sealed record EditLanguage(
    string[] Headers, string Declaration, string[] Operations, string[] Calls, string[] Blocks, string[] Notes, string[] Returns, string Footer)
{
    /// <summary>Every language.</summary>
    public static readonly EditLanguage[] All =
    [
        new(
            ["def {f}({a}, {b}{more}):", "async def {f}({a}, {b}{more}):", "def {f}(self, {a}, {b}{more}):"],
            ", ",
            ["    {v} = {x} {o} {n}", "    {v} = {x} {o} {y}", "    {v} = len({x}) {o} {n}", "    {v} = self.{y} {o} {x}"],
            [
                "    {v} = {g}({x}, {n})", "    {v} = {x}.{g}({y})", "    {v} = {g}(\"{s}\", {x})", "    {v} = {x}.get(\"{s}\", {n})",
                "    {v} = [{g}({x}), {y}]", "    {v} = {g}({x}, limit={n})",
            ],
            [
                "    if {x} > {n}:\n        {g}(\"{s}\", {y})", "    if not {g}({x}):\n        raise ValueError(\"{s}\")",
                "    while {x} < {n}:\n        {g}({x}, {y})", "    for {v} in {g}({x}):\n        {h}({v}, {n})",
                "    with {g}(\"{s}\") as {v}:\n        {v}.{h}({x})", "    if {x} == {n}:\n        return {g}({y})",
            ],
            ["    {g}({x}, {n})", "    {g}(\"{s}\", {x})", "    self.{g}({x}, {y})"],
            ["    return {x}", "    return {g}({x}, {y})", "    return {x} or {n}", "    yield {x}, {n}"],
            ""),
        new(
            ["function {f}({a}, {b}{more}) {", "async function {f}({a}, {b}{more}) {", "export function {f}({a}, {b}{more}) {"],
            ", ",
            [
                "  const {v} = {x} {o} {n};",
                "  let {v} = {x} {o} {y};",
                "  const {v} = {x}.length {o} {n};",
                "  let {v} = this.{y} {o} {x};",
            ],
            [
                "  const {v} = {g}({x}, {n});", "  const {v} = await {g}({x});", "  let {v} = {x}.{g}(\"{s}\");", "  const {v} = {x} ?? {n};",
                "  const {v} = { {x}, {y} };", "  let {v} = {g}(\"{s}\", {y});",
            ],
            [
                "  if ({x} > {n}) {\n    {g}(\"{s}\", {y});\n  }", "  if (!{g}({x})) {\n    throw new Error(\"{s}\");\n  }",
                "  for (const {v} of {g}({x})) {\n    {h}({v}, {n});\n  }", "  {x}.forEach({v} => {\n    {h}({v}, {n});\n  });",
            ],
            ["  {g}({x}, {n});", "  {g}(\"{s}\", {x});", "  await {g}({x}, {y});"],
            ["  return {x};", "  return {g}({x}, {y});", "  return [{x}, {n}];", "  return {x} || {n};"],
            "}"),
        new(
            [
                "int {f}(int {a}, int {b}{more}) {",
                "static int {f}(char *{a}, int {b}{more}) {",
                "long {f}(struct node *{a}, long {b}{more}) {",
            ],
            ", int ",
            [
                "  int {v} = {x} {o} {n};",
                "  long {v} = {x} {o} {y};",
                "  size_t {v} = sizeof({x}) {o} {n};",
                "  int {v} = {x}->{y} {o} {n};",
            ],
            [
                "  int {v} = {g}({x}, {n});", "  char *{v} = {g}(\"{s}\", {x});", "  struct node *{v} = {g}(&{x});", "  int {v} = {x}[{n}];",
                "  long {v} = {g}({x}) ? {y} : {n};",
            ],
            [
                "  if ({x} > {n}) {\n    {g}(\"{s}\", {y});\n  }", "  if ({g}({x}) < 0)\n    return {n};",
                "  for (int {v} = 0; {v} < {x}; {v}++)\n    {g}({v}, {n});", "  while ({g}({x}))\n    {h}({y}, \"{s}\");",
                "  if (!{g}({x}))\n    goto {h};",
            ],
            ["  {g}({x}, {n});", "  {g}(\"{s}\", {x});", "  {g}(&{x}, {y});"],
            ["  return {x};", "  return {g}({x}, {y});", "  return {x} - {n};", "  return {x} ? {y} : {n};"],
            "}"),
    ];
}
