namespace Atlas.Evaluation.Workloads;

/// <summary>Goods, subjects and reference codes.</summary>
internal static class Things
{
    private static readonly string[] Qualities =
    [
        "amber", "black", "blue", "brass", "bronze", "brown", "canvas", "carbon", "copper", "cotton", "crystal", "folding", "glass",
        "golden", "green", "heavy", "iron", "ivory", "large", "leather", "light", "linen", "marble", "narrow", "orange", "paper", "plain",
        "plastic", "purple", "red", "round", "rubber", "silver", "small", "solid", "square", "steel", "velvet", "white", "wooden",
    ];

    private static readonly string[] Goods =
    [
        "bags", "baskets", "belts", "bells", "benches", "blankets", "boards", "bottles", "bowls", "boxes", "brushes", "buckets", "cables",
        "candles", "chairs", "clocks", "coats", "cups", "curtains", "desks", "doors", "drawers", "drums", "filters", "frames", "gloves",
        "hammers", "handles", "hooks", "jars", "kettles", "knives", "labels", "ladders", "lamps", "locks", "mirrors", "mugs", "pans",
        "pillows", "pipes", "plates", "pumps", "racks", "ropes", "rugs", "scarves", "shelves", "signs", "spoons", "stools", "tables",
        "tents", "tiles", "tools", "towels", "trays", "valves", "wheels", "windows",
    ];

    private static readonly string[] Topics =
    [
        "annual", "autumn", "board", "budget", "client", "contract", "customer", "data", "design", "early", "energy", "export", "final",
        "first", "garden", "health", "import", "kitchen", "launch", "market", "monthly", "music", "network", "night", "office", "payment",
        "project", "quality", "quarterly", "release", "research", "safety", "sales", "school", "second", "spring", "staff", "summer",
        "supply", "team", "travel", "weekly", "winter", "yearly",
    ];

    private static readonly string[] Papers =
    [
        "agenda", "analysis", "audit", "brief", "call", "check", "class", "concert", "debate", "dinner", "draft", "estimate", "exam",
        "forecast", "guide", "interview", "invoice", "lecture", "letter", "list", "lunch", "meeting", "memo", "notes", "outline", "party",
        "plan", "proposal", "report", "review", "schedule", "seminar", "session", "summary", "survey", "talk", "tour", "training",
        "update", "workshop",
    ];

    private const string Letters = "ABCDEFGHJKLMNPQRSTUVWXYZ";

    /// <summary>Goods in the plural, such as "copper lamps".</summary>
    public static string Product(ItemDraw draw) => draw.Entity(d => $"{d.Pick<string>(Qualities)} {d.Pick<string>(Goods)}");

    /// <summary>A subject or title in lower case, such as "quarterly budget review".</summary>
    public static string Subject(ItemDraw draw) => draw.Entity(d => d.OneIn(2)
        ? $"{d.Pick<string>(Topics)} {d.Pick<string>(Papers)}"
        : $"{d.Pick<string>(Topics)} {d.Pick<string>(Topics)} {d.Pick<string>(Papers)}");

    /// <summary>A reference code: two letters, a hyphen, three or four digits.</summary>
    public static string Code(ItemDraw draw) => draw.Entity(d =>
        $"{Letters[d.Between(0, Letters.Length - 1)]}{Letters[d.Between(0, Letters.Length - 1)]}-{d.Between(100, 9999)}");
}
