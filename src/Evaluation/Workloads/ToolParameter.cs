using System.Globalization;

namespace Atlas.Evaluation.Workloads;

/// <summary>A kind of tool parameter: what it may be called, its type in the signature, its values and how a request mentions it.</summary>
/// <param name="Names">Names the parameter may have in a signature.</param>
/// <param name="Type">The type as the signature writes it: string, integer or boolean.</param>
/// <param name="Value">Draws a value, as plain text.</param>
/// <param name="Mention">Phrases that state the value; their placeholders are <c>{value}</c> and <c>{name}</c>.</param>
internal sealed record ToolParameter(string[] Names, string Type, Func<ItemDraw, string> Value, PhraseBook Mention)
{
    private static readonly string[] Levels = ["low", "normal", "high"];
    private static readonly string[] Formats = ["pdf", "csv", "html", "text"];

    /// <summary>Every kind. One tool never has two of a kind, so a request leaves no doubt which value is meant.</summary>
    public static readonly ToolParameter[] Kinds =
    [
        new(["person", "guest", "client", "owner", "member", "driver"], "string", PeopleAndPlaces.Person,
            new(["for {value}", "on behalf of {value}", "for {name} {value}"],
                ["to help {value}", "for our {name} {value}", "from {value}", "({value} asked for it)", "as {value} said"])),
        new(["email", "address", "contact", "recipient"], "string", PeopleAndPlaces.Email,
            new(["to {value}", "and tell {value}", "using {value}"],
                ["and mail {value}", "and write to {value}", "via {value}", "with a copy to {value}", "({name}: {value})"])),
        new(["city", "place", "location", "site", "town"], "string", PeopleAndPlaces.Place,
            new(["in {value}", "near {value}", "at the {name} {value}"],
                ["over in {value}", "close to {value}", "in the {name} of {value}", "not far from {value}", "down in {value}"])),
        new(["title", "text", "subject", "note", "topic"], "string", Things.Subject,
            new(["titled \"{value}\"", "called \"{value}\"", "about \"{value}\""],
                ["named \"{value}\"", "on \"{value}\"", "with {name} \"{value}\"", "that says \"{value}\"", "({name}: \"{value}\")"])),
        new(["item", "product", "goods", "article"], "string", Things.Product,
            new(["with {value}", "including {value}", "full of {value}"],
                ["together with {value}", "plus {value}", "with the {value}", "and the {value}", "beside {value}"])),
        new(["code", "reference", "key", "tag"], "string", Things.Code,
            new(["under {name} {value}", "with {name} {value}", "({value})"],
                ["using {name} {value}", "and {name} {value}", "under {value}", "filed as {value}", "having {value}"])),
        new(["day", "weekday"], "string", Calendar.Day,
            new(["on {value}", "this {value}", "{value} morning"],
                ["next {value}", "every {value}", "on {value} evening", "before {value} noon", "all {value}"])),
        new(["date", "due", "deadline"], "string", Calendar.Date,
            new(["due {value}", "by {value}", "for the {value}"],
                ["before {value}", "until {value}", "on the {value}", "not after {value}", "from {value} on"])),
        new(["count", "capacity", "limit", "size"], "integer", d => Text(d.Number(10, 999)),
            new(["with {name} {value}", "limited to {value}", "and {value} {name}"],
                ["with a {name} of {value}", "having {name} {value}", "where {name} must be {value}", "({name} {value})"])),
        new(["price", "amount", "cost", "fee"], "integer", d => Text(d.Number(100, 9999)),
            new(["at {value} dollars", "worth {value} dollars", "with {name} {value} dollars"],
                ["for {value} dollars", "costing {value} dollars", "that costs {value} dollars", "({value} dollars)"])),
        new(["id", "number", "serial"], "integer", d => Text(d.Number(10_000, 99_999)),
            new(["{name} {value}", "with {name} {value}", "number {value}"],
                ["by {name} {value}", "where {name} is {value}", "that has {name} {value}", "of {name} {value}"])),
        new(["urgent", "private", "shared"], "boolean", d => d.OneIn(2) ? "true" : "false",
            new(["with {name} set to {value}", "and {name} = {value}"], ["where {name} = {value}", "with {name} = {value}"])),
        new(["level", "priority"], "string", d => d.Pick<string>(Levels),
            new(["at {value} {name}", "with {value} {name}"], ["using {value} {name}", "having {value} {name}", "of {value} {name}"])),
        new(["format", "output"], "string", d => d.Pick<string>(Formats),
            new(["as {value}", "in {value} format"], ["in the {value} format", "written as {value}", "into {value}", "giving {value}"])),
    ];

    /// <summary>A value of this kind as JSON. Drawn values hold nothing that JSON would need to escape.</summary>
    public string Json(string value) => Type == "string" ? $"\"{value}\"" : value;

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
