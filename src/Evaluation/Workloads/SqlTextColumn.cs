namespace Atlas.Evaluation.Workloads;

/// <summary>A column of text.</summary>
/// <param name="Name">One word, the same in a question and in SQL.</param>
/// <param name="Value">Draws a value that stands in it.</param>
internal sealed record SqlTextColumn(string Name, Func<ItemDraw, string> Value)
{
    /// <summary>Every column of text that tables may have.</summary>
    public static readonly SqlTextColumn[] All =
    [
        new("city", PeopleAndPlaces.Place), new("origin", PeopleAndPlaces.Place), new("owner", PeopleAndPlaces.Person),
        new("manager", PeopleAndPlaces.Person), new("item", Things.Product), new("topic", Things.Subject), new("code", Things.Code),
        new("email", PeopleAndPlaces.Email), new("company", Particulars.Company), new("position", Particulars.Position),
        new("phone", Particulars.Phone), new("serial", Particulars.Serial), new("version", Particulars.Version),
        new("address", Particulars.Street),
        new("status", draw => draw.Pick<string>(["open", "closed", "pending", "paid", "lost", "draft", "shipped", "failed"])),
        new("color", draw => draw.Pick<string>(["red", "blue", "green", "black", "white", "yellow", "grey"])),
    ];
}
