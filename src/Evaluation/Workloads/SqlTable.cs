namespace Atlas.Evaluation.Workloads;

/// <summary>A table that a question is about: its name, columns of text with their kinds of values, and columns of numbers.</summary>
/// <param name="Name">Two words joined by an underscore, in the plural.</param>
/// <param name="TextColumns">Columns of text and how their values are drawn.</param>
/// <param name="NumberColumns">Columns of whole numbers, each of two words.</param>
internal sealed record SqlTable(string Name, (string Name, Func<ItemDraw, string> Value)[] TextColumns, string[] NumberColumns)
{
    private static readonly string[] Rows =
    [
        "accounts", "books", "branches", "cars", "clients", "courses", "deals", "deliveries", "events", "farms", "films", "flights",
        "games", "hotels", "houses", "invoices", "jobs", "lessons", "loans", "machines", "matches", "members", "orders", "parcels",
        "players", "projects", "rentals", "repairs", "rooms", "routes", "sales", "sensors", "ships", "shops", "songs", "stores",
        "students", "suppliers", "tasks", "teams", "tickets", "tours", "trains", "trips", "visits", "workers",
    ];

    private static readonly string[] Groups =
    [
        "active", "annual", "city", "closed", "daily", "early", "export", "family", "foreign", "free", "group", "harbor", "import",
        "island", "late", "local", "lost", "market", "museum", "new", "night", "office", "old", "open", "paid", "past", "police",
        "private", "public", "rural", "school", "spring", "state", "summer", "test", "urban", "village", "weekly", "winter", "young",
    ];

    private static readonly (string Name, Func<ItemDraw, string> Value)[] TextKinds =
    [
        ("city", PeopleAndPlaces.Place), ("town", PeopleAndPlaces.Place), ("owner", PeopleAndPlaces.Person),
        ("manager", PeopleAndPlaces.Person),
        ("item", Things.Product), ("topic", Things.Subject), ("code", Things.Code), ("day", Calendar.Day), ("email", PeopleAndPlaces.Email),
        ("status", draw => draw.Pick<string>(["open", "closed", "pending", "paid", "lost"])),
        ("color", draw => draw.Pick<string>(["red", "blue", "green", "black", "white"])),
    ];

    /// <summary>The name as a question says it, such as "winter orders".</summary>
    public string Spoken => Speak(Name);

    /// <summary>Draws a table of two to three text columns and one to two number columns.</summary>
    public static SqlTable Draw(ItemDraw draw)
    {
        string name = draw.Entity(d => $"{d.Pick<string>(Groups)}_{d.Pick<string>(Rows)}");
        var text = draw.Some<(string, Func<ItemDraw, string>)>(TextKinds, draw.Between(2, 3));
        string[] numbers = new string[draw.Between(1, 2)];
        for (int i = 0; i < numbers.Length; i++)
            numbers[i] = Identifiers.Variable(draw);
        return new SqlTable(name, text, numbers);
    }

    /// <summary>A name as a question says it: blanks for underscores.</summary>
    public static string Speak(string name) => name.Replace('_', ' ');

    /// <summary>The table as the prompt shows it; columns are in random order.</summary>
    public string Schema(ItemDraw draw)
    {
        string[] columns = [.. TextColumns.Select(column => $"{column.Name} text"), .. NumberColumns.Select(column => $"{column} int")];
        return $"{Name}({string.Join(", ", draw.Some<string>(columns, columns.Length))})";
    }
}
