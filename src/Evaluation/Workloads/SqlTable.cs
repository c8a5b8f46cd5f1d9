namespace Atlas.Evaluation.Workloads;

/// <summary>A table that a question is about: its name, columns of text with their kinds of values, and columns of numbers.</summary>
/// <param name="Name">Two words joined by an underscore, in the plural.</param>
/// <param name="TextColumns">Columns of text and how their values are drawn.</param>
/// <param name="NumberColumns">Columns of whole numbers, each of two words.</param>
internal sealed record SqlTable(string Name, SqlTextColumn[] TextColumns, string[] NumberColumns)
{
    private const int NumberColumnCount = 2;

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

    private static readonly string[] Manners =
    [
        "actual", "annual", "base", "billed", "booked", "closing", "daily", "delayed", "direct", "discounted", "domestic", "estimated",
        "extra", "final", "first", "fixed", "gross", "hourly", "idle", "insured", "last", "late", "legal", "listed", "marked", "monthly",
        "net", "opening", "outer", "paid", "past", "peak", "planned", "quoted", "rated", "regular", "reserved", "spare", "standard",
        "stored", "taxed", "unit", "unpaid", "usual", "weekly", "yearly",
    ];

    private static readonly string[] Measures =
    [
        "age", "amount", "area", "balance", "bonus", "capacity", "charge", "cost", "credit", "debt", "deposit", "discount", "distance",
        "duration", "duty", "fare", "fee", "fine", "gain", "height", "hours", "income", "interest", "length", "load", "loss", "margin",
        "mileage", "minutes", "payment", "points", "power", "premium", "price", "profit", "quantity", "rating", "rent", "revenue", "salary",
        "score", "seats", "speed", "stock", "surcharge", "tariff", "tax", "toll", "units", "value", "visits", "volume", "wage", "weight",
    ];

    /// <summary>The name as a question says it, such as "winter orders".</summary>
    public string Spoken => Speak(Name);

    /// <summary>The name of one row, such as "order".</summary>
    public string Row => Name[(Name.IndexOf('_', StringComparison.Ordinal) + 1)..] is var rows && rows.EndsWith("ies", StringComparison.Ordinal)
        ? $"{rows[..^3]}y"
        : rows.EndsWith("ches", StringComparison.Ordinal) ? rows[..^2] : rows[..^1];

    /// <summary>Draws a table of the given columns of text and two columns of numbers.</summary>
    /// <param name="draw">The item's draws.</param>
    /// <param name="columns">Its columns of text.</param>
    public static SqlTable Draw(ItemDraw draw, SqlTextColumn[] columns)
    {
        string name = draw.Entity(d => $"{d.Pick<string>(Groups)}_{d.Pick<string>(Rows)}");
        string[] numbers = new string[NumberColumnCount];
        for (int i = 0; i < numbers.Length; i++)
            numbers[i] = draw.Entity(d => $"{d.Pick<string>(Manners)}_{d.Pick<string>(Measures)}");
        return new SqlTable(name, columns, numbers);
    }

    /// <summary>A name as a question says it: blanks for underscores.</summary>
    public static string Speak(string name) => name.Replace('_', ' ');

    /// <summary>The table as the prompt shows it; columns are in random order, behind the key where there is one.</summary>
    /// <param name="draw">The item's draws.</param>
    /// <param name="keys">Columns of keys.</param>
    public string Schema(ItemDraw draw, params ReadOnlySpan<string> keys)
    {
        string[] columns = [.. TextColumns.Select(column => $"{column.Name} text"), .. NumberColumns.Select(column => $"{column} int")];
        string[] shown = [.. keys, .. draw.Some<string>(columns, columns.Length)];
        return $"{Name}({string.Join(", ", shown)})";
    }
}
