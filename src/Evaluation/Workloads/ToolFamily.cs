namespace Atlas.Evaluation.Workloads;

/// <summary>Tools of one kind of business: what is done to what.</summary>
/// <param name="Verbs">What may be done to each of the nouns.</param>
/// <param name="Nouns">What it is done to; none begins with a vowel, so that requests may say "a".</param>
internal sealed record ToolFamily(string[] Verbs, string[] Nouns)
{
    private static readonly ToolFamily[] All =
    [
        new(["book", "cancel", "confirm", "find", "reschedule", "upgrade", "hold", "rebook"],
            ["cab", "car", "cabin", "cruise", "ferry", "flight", "hotel", "room", "seat", "shuttle", "table", "tour", "train", "trip", "van"]),
        new(["open", "close", "reopen", "escalate", "assign", "resolve", "tag", "merge"],
            ["bug", "case", "claim", "complaint", "defect", "dispute", "fault", "problem", "query", "request", "task", "ticket", "warning"]),
        new(["create", "share", "archive", "export", "send", "sign", "approve", "publish", "print", "translate"],
            ["brochure", "budget", "contract", "document", "dossier", "file", "folder", "form", "letter", "memo", "note", "proposal", "report",
             "slide", "summary", "survey"]),
        new(["schedule", "move", "cancel", "plan", "announce", "record", "postpone"],
            ["briefing", "call", "course", "demo", "hearing", "lecture", "meeting", "party", "reminder", "seminar", "session", "talk", "training",
             "visit", "workshop"]),
        new(["place", "track", "return", "ship", "refund", "pack", "quote", "verify"],
            ["bundle", "cart", "crate", "delivery", "gift", "package", "pallet", "parcel", "purchase", "sale", "shipment", "voucher"]),
        new(["start", "stop", "restart", "scale", "monitor", "restore", "deploy", "migrate", "patch"],
            ["backup", "cluster", "container", "database", "gateway", "job", "pipeline", "queue", "router", "script", "sensor", "server",
             "service", "volume", "worker"]),
        new(["add", "remove", "update", "invite", "block", "notify", "register", "rename"],
            ["buyer", "client", "contact", "customer", "driver", "group", "member", "partner", "patient", "player", "profile", "student",
             "supplier", "team", "tenant", "visitor"]),
        new(["pay", "charge", "transfer", "collect", "settle", "review", "freeze", "split"],
            ["balance", "bill", "bonus", "credit", "debt", "deposit", "fee", "fine", "fund", "loan", "payment", "payroll", "pension", "rent",
             "salary", "tax"]),
    ];

    /// <summary>A tool, such as <c>cancel_flight</c>.</summary>
    public static string Tool(ItemDraw draw) => draw.Entity(d =>
    {
        ToolFamily family = d.Pick<ToolFamily>(All);
        return $"{d.Pick<string>(family.Verbs)}_{d.Pick<string>(family.Nouns)}";
    });
}
