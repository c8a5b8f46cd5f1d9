using System.Globalization;

namespace Atlas.Evaluation.Workloads;

/// <summary>
/// Three to seven lines of a service log; the completion is a summary in two lines: how many errors and warnings from how many services
/// in which span of time, and the first problem, errors before warnings. Counting and choosing, not copying.
/// </summary>
internal sealed class LogsWorkload() : Workload("logs", singleAnswer: true, AnswerFormat.Text)
{
    private static readonly string[] Areas =
    [
        "account", "address", "archive", "asset", "backup", "billing", "booking", "cache", "catalog", "chat", "config", "content",
        "email", "event", "export", "file", "image", "import", "index", "ledger", "login", "media", "metric", "network", "order",
        "payment", "photo", "policy", "profile", "quota", "report", "search", "session", "stream", "token", "user", "video", "wallet",
    ];

    private static readonly string[] Parts =
    [
        "agent", "broker", "bridge", "builder", "gateway", "handler", "loader", "manager", "monitor", "node", "parser", "planner",
        "proxy", "queue", "reader", "router", "runner", "scanner", "server", "store", "sync", "tracker", "worker", "writer",
    ];

    private static readonly string[] Good =
    [
        "started", "stopped", "ready", "request {n} done", "loaded {n} rows", "sent {n} bytes", "saved {s}", "opened {s}",
        "user {p} logged in", "connected to {c}", "job {n} finished", "cleaned {n} files", "heard from {c}", "{p} sent {s}",
        "mail to {e} sent", "moved {s} to {l}",
    ];

    private static readonly string[] Slow =
    [
        "slow reply after {n} ms", "queue holds {n} items", "retry {n} for {c}", "disk is {k} percent full", "old version of {s}",
        "clock is off by {n} ms", "no answer from {c} yet", "{p} tried again", "mail to {e} waits", "{l} answers late",
    ];

    private static readonly string[] Bad =
    [
        "timeout after {n} ms", "lost connection to {c}", "cannot read {s}", "job {n} failed", "access denied for {p}",
        "out of memory at {n} MB", "bad checksum of {s}", "code {c} not found", "cannot write {n} bytes", "no route to {l}",
        "mail to {e} bounced",
    ];

    private static readonly PhraseBook Layouts = new(
        [
            "Summarize this log.\n{log}",
            "{log}\nSummarize the log above.",
            "What happened here?\n{log}",
            "Log:\n{log}\nSummary:",
            "Give a short report of these log lines.\n{log}",
            "{log}\nIn short, what went wrong?",
            "Shift report, please:\n{log}",
            "Read the log and sum it up.\n{log}",
        ],
        [
            "Sum up this log.\n{log}",
            "{log}\nWhat happened?",
            "Log:\n{log}\nGive a short summary.",
            "Please read these lines and report.\n{log}",
            "{log}\nPlease summarize.",
            "Read this and sum it up:\n{log}",
            "{log}\nShort report, please.",
        ]);

    private sealed record Line(string Time, string Level, string Service, string Message)
    {
        public override string ToString() => $"{Time} {Level} {Service}: {Message}";
    }

    /// <inheritdoc/>
    protected override (string Prompt, string Completion) Generate(ItemDraw draw)
    {
        string[] services = new string[draw.Between(1, 3)];
        for (int i = 0; i < services.Length; i++)
            services[i] = draw.Entity(d => $"{d.Pick<string>(Areas)}-{d.Pick<string>(Parts)}");
        int second = draw.Between(0, 22 * 3600);
        var lines = new Line[draw.Between(3, 7)];
        for (int i = 0; i < lines.Length; i++)
        {
            second += draw.Between(0, 900);
            string level = draw.Pick<string>(["INFO", "INFO", "WARN", "ERROR"]);
            string message = Message(draw, draw.Pick<string>(level switch { "INFO" => Good, "WARN" => Slow, _ => Bad }));
            lines[i] = new Line(Clock(second), level, draw.Pick<string>(services), message);
        }
        return (PhraseBook.Fill(draw.Phrase(Layouts), ("log", string.Join('\n', lines.AsEnumerable()))), Summarize(lines));
    }

    private static string Summarize(Line[] lines)
    {
        int errors = lines.Count(line => line.Level == "ERROR");
        int warnings = lines.Count(line => line.Level == "WARN");
        int services = lines.Select(line => line.Service).Distinct().Count();
        Line? first = lines.FirstOrDefault(line => line.Level == "ERROR") ?? lines.FirstOrDefault(line => line.Level == "WARN");
        string problem = first is null
            ? "No problem"
            : $"First {(first.Level == "ERROR" ? "error" : "warning")} in {first.Service}: {first.Message}";
        string counts = $"{Count(errors, "error")}, {Count(warnings, "warning")}, {Count(services, "service")}";
        return $"{counts}, {lines[0].Time} to {lines[^1].Time}\n{problem}";
    }

    private static string Message(ItemDraw draw, string pattern) => PhraseBook.Fill(
        pattern,
        ("n", pattern.Contains("{n}", StringComparison.Ordinal) ? Text(draw.Number(10, 9999)) : ""),
        ("k", Text(draw.Between(80, 99))),
        ("c", pattern.Contains("{c}", StringComparison.Ordinal) ? Things.Code(draw) : ""),
        ("e", pattern.Contains("{e}", StringComparison.Ordinal) ? PeopleAndPlaces.Email(draw) : ""),
        ("l", pattern.Contains("{l}", StringComparison.Ordinal) ? PeopleAndPlaces.Place(draw) : ""),
        ("s", pattern.Contains("{s}", StringComparison.Ordinal) ? Things.Subject(draw) : ""),
        ("p", pattern.Contains("{p}", StringComparison.Ordinal) ? PeopleAndPlaces.Person(draw) : ""));

    private static string Count(int count, string word) => count == 1 ? $"1 {word}" : $"{(count == 0 ? "no" : Text(count))} {word}s";

    private static string Clock(int second) => $"{second / 3600:00}:{second / 60 % 60:00}:{second % 60:00}";

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
