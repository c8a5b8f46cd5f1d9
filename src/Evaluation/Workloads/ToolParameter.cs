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

    // Ways to state any value by its parameter's name.
    private static readonly string[] Named =
    [
        "with {value} as {name}", "whose {name} is {value}", "with the {name} {value}", "with {name} set to {value}",
        "the {name} being {value}", "whose {name} will be {value}", "({name} = {value})", "its {name} is {value}", "{name}: {value}",
        "and the {name} is {value}", "so the {name} is {value}", "({value} is the {name})", "{value} being its {name}",
        "for which {name} is {value}", "its {name} must be {value}",
    ];

    private static readonly (string[] Names, string Type, Func<ItemDraw, string> Value, string[] HeldOut, string[] Own)[] Drafts =
    [
        (["person", "guest", "client", "owner", "member", "driver"], "string", PeopleAndPlaces.Person,
            ["to help {value}", "for our {name} {value}", "from {value}", "({value} asked for it)", "as {value} said"],
            [
                .. PhraseParts.Join(
                    ["for ", "on behalf of ", "from ", "to help ", "for our ", "thanks to ", "because of ", "to please ",
                     "in the name of ", "in place of ", "as a favor to "],
                    ["{value}", "{name} {value}", "the {name} {value}"]),
                "as {value} wants", "as {value} told us", "as {value} asked", "as {value} wished", "({value} said so)",
                "({value} wants it)", "({value} asked us)", "that {value} asked for",
            ]),
        (["email", "address", "contact", "recipient"], "string", PeopleAndPlaces.Email,
            ["and mail {value}", "and write to {value}", "via {value}", "with a copy to {value}", "({name}: {value})"],
            [
                .. PhraseParts.Join(
                    ["to ", "and tell ", "using ", "via ", "and inform ", "and mail ", "and write to ", "with a copy for ", "and copy ",
                     "through ", "and answer "],
                    ["{value}", "{name} {value}", "the {name} {value}"]),
                "with a copy going to {value}", "({value} wants a copy)", "(mail {value})", "and send mail to {value}",
            ]),
        (["city", "place", "location", "site", "town"], "string", PeopleAndPlaces.Place,
            ["over in {value}", "close to {value}", "in the {name} of {value}", "not far from {value}", "down in {value}"],
            [
                .. PhraseParts.Join(
                    ["in ", "near ", "at ", "around ", "over in ", "down in ", "outside ", "close to ", "not far from ", "next to ",
                     "up in ", "back in ", "inside "],
                    ["{value}", "the {name} {value}", "the {name} of {value}"]),
                "(in {value})", "({value})", "somewhere in {value}", "all over {value}",
            ]),
        (["title", "text", "subject", "note", "topic"], "string", Things.Subject,
            ["named \"{value}\"", "on \"{value}\"", "with {name} \"{value}\"", "that says \"{value}\"", "({name}: \"{value}\")"],
            [
                .. PhraseParts.Join(
                    ["titled ", "called ", "about ", "named ", "on ", "that says ", "saying ", "headed ", "marked ", "that reads ",
                     "entitled ", "with the words "],
                    ["\"{value}\"", "the {name} \"{value}\""]),
                "(it says \"{value}\")", "with {name} \"{value}\"", "(\"{value}\")", "and write \"{value}\"", "with \"{value}\" on it",
                "({name} \"{value}\")",
            ]),
        (["item", "product", "goods", "article"], "string", Things.Product,
            ["together with {value}", "plus {value}", "with the {value}", "and the {value}", "beside {value}"],
            [
                .. PhraseParts.Join(
                    ["with ", "including ", "full of ", "plus ", "containing ", "and ", "together with ", "beside ", "and also ",
                     "along with ", "holding ", "without "],
                    ["{value}", "the {value}", "some {value}", "our {value}"]),
                "and all {value}", "where {value} are", "with all {value}",
            ]),
        (["code", "reference", "key", "tag"], "string", Things.Code,
            ["using {name} {value}", "and {name} {value}", "under {value}", "filed as {value}", "having {value}"],
            [
                .. PhraseParts.Join(
                    ["under ", "as ", "having ", "filed under ", "filed as ", "using ", "and ", "by ", "known as ", "stored as ",
                     "marked "],
                    ["{value}", "{name} {value}", "the {name} {value}"]),
                "({value})", "(see {value})", "(it is {value})",
            ]),
        (["day", "weekday"], "string", Calendar.Day,
            ["next {value}", "every {value}", "on {value} evening", "before {value} noon", "all {value}"],
            [
                .. PhraseParts.Join(
                    ["on ", "this ", "next ", "every ", "before ", "after ", "until ", "by ", "each ", "late ", "early ", "all of "],
                    ["{value}", "{value} morning", "{value} evening", "{value} noon", "{value} night"]),
                "{value} morning", "{value} noon", "(on {value})",
            ]),
        (["date", "due", "deadline"], "string", Calendar.Date,
            ["before {value}", "until {value}", "on the {value}", "not after {value}", "from {value} on"],
            [
                .. PhraseParts.Join(
                    ["due ", "by ", "for the ", "before ", "until ", "on the ", "not before ", "after ", "on ", "since ", "up to ",
                     "no later than "],
                    ["{value}"]),
                "from {value}", "starting {value}", "({value})", "on {value} or earlier", "as of {value}", "not later than {value}",
                "from {value} onwards",
            ]),
        (["count", "capacity", "limit", "size"], "integer", d => Text(d.Number(10, 999)),
            ["with a {name} of {value}", "having {name} {value}", "where {name} must be {value}", "({name} {value})"],
            ["limited to {value}", "and {value} {name}", "where {name} has to be {value}", "at most {value} {name}", "with {value} {name}",
             "for a {name} of {value}", "up to {value} {name}"]),
        (["price", "amount", "cost", "fee"], "integer", d => Text(d.Number(100, 9999)),
            ["for {value} dollars", "costing {value} dollars", "that costs {value} dollars", "({value} dollars)"],
            ["at {value} dollars", "worth {value} dollars", "with {name} {value} dollars", "that is {value} dollars", "of {value} dollars",
             "priced {value} dollars", "which costs {value} dollars", "({name} {value} dollars)", "paying {value} dollars",
             "at a {name} of {value} dollars", "with {value} dollars", "cost {value} dollars"]),
        (["id", "number", "serial"], "integer", d => Text(d.Number(10_000, 99_999)),
            ["by {name} {value}", "where {name} is {value}", "that has {name} {value}", "of {name} {value}"],
            ["{name} {value}", "number {value}", "no. {value}", "#{value}", "with number {value}", "listed as number {value}",
             "(number {value})", "where the {name} is {value}", "carrying {name} {value}"]),
        (["urgent", "private", "shared"], "boolean", d => d.OneIn(2) ? "true" : "false",
            ["where {name} = {value}", "with {name} = {value}"],
            ["set to {name} {value}", "and {name} is {value}", "so that {name} is {value}", "({name} should be {value})",
             "with {name} as {value}", "and set {name} to {value}"]),
        (["level", "priority"], "string", d => d.Pick<string>(Levels),
            ["using {value} {name}", "having {value} {name}", "of {value} {name}"],
            ["at {value} {name}", "with {value} {name}", "in {value} {name}", "at a {value} {name}", "giving it {value} {name}",
             "({value} {name})", "with a {value} {name}", "and {value} {name}", "under {value} {name}"]),
        (["format", "output"], "string", d => d.Pick<string>(Formats),
            ["in the {value} format", "written as {value}", "into {value}", "giving {value}"],
            ["as {value}", "in {value} format", "as a {value}", "in {value}", "saved as {value}", "using {value}", "({value} format)",
             "as {value} {name}", "in {value} form", "turned into {value}", "made {value}", "to {value}"]),
    ];

    /// <summary>Every kind. One tool never has two of a kind, so a request leaves no doubt which value is meant.</summary>
    public static readonly ToolParameter[] Kinds = Make();

    /// <summary>A value of this kind as JSON. Drawn values hold nothing that JSON would need to escape.</summary>
    public string Json(string value) => Type == "string" ? $"\"{value}\"" : value;

    // What is held out for one kind is not trained with another either.
    private static ToolParameter[] Make()
    {
        string[] heldOut = [.. Drafts.SelectMany(draft => draft.HeldOut)];
        return
        [
            .. Drafts.Select(draft => new ToolParameter(
                draft.Names, draft.Type, draft.Value, new PhraseBook([.. draft.Own.Concat(Named).Except(heldOut)], draft.HeldOut))),
        ];
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
