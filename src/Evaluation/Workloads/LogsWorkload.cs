using System.Globalization;

namespace Atlas.Evaluation.Workloads;

/// <summary>
/// Four to eight numbered lines of a service log; the completion is a report: error and warning lines by number and service, with their
/// count, then what the first problem means (errors before warnings), its usual cause and what to do. Cause and advice are nowhere in the
/// prompt: they have to be known.
/// </summary>
internal sealed class LogsWorkload() : Workload("logs", singleAnswer: true, copyLike: false, AnswerFormat.Text)
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
        "started", "ready", "request {n} done", "loaded {n} rows", "sent {n} bytes", "saved {s}", "opened {s}", "login {p}", "connected {c}",
        "job {n} finished", "heartbeat {c}", "moved {s} to {l}", "cache hit {c}", "deployed {c}", "200 OK in {n} ms", "synced {l}",
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

    private sealed record Line(int Number, string Service, string Text, LogProblem? Problem, string Meaning);

    /// <inheritdoc/>
    protected override (string Prompt, string Completion) Generate(ItemDraw draw)
    {
        string[] services = new string[draw.Between(1, 3)];
        for (int i = 0; i < services.Length; i++)
            services[i] = draw.Entity(d => $"{d.Pick<string>(Areas)}-{d.Pick<string>(Parts)}");
        int second = draw.Between(6 * 3600, 22 * 3600);
        var lines = new Line[draw.Between(4, 8)];
        for (int i = 0; i < lines.Length; i++)
        {
            second += draw.Between(0, 300);
            lines[i] = Write(draw, i + 1, Clock(second), draw.Pick<string>(services));
        }
        string log = string.Join('\n', lines.Select(line => line.Text));
        return (PhraseBook.Fill(draw.Phrase(Layouts), ("log", log)), Report(lines));
    }

    private static Line Write(ItemDraw draw, int number, string time, string service)
    {
        LogProblem? problem = draw.OneIn(2) ? draw.Pick<LogProblem>(LogProblem.All) : null;
        string pattern = problem?.Message ?? draw.Pick<string>(Good);
        (string, string)[] values =
        [
            ("n", Uses(pattern, "{n}") ? Text(draw.Number(10, 9999)) : ""),
            ("c", Uses(pattern, "{c}") ? Things.Code(draw) : ""),
            ("l", Uses(pattern, "{l}") ? PeopleAndPlaces.Place(draw) : ""),
            ("s", Uses(pattern, "{s}") ? Things.Subject(draw) : ""),
            ("p", Uses(pattern, "{p}") ? PeopleAndPlaces.Person(draw) : ""),
        ];
        string level = problem is null ? "INFO" : problem.Error ? "ERROR" : "WARN";
        string text = $"{Text(number)} {time} {level} {service}: {PhraseBook.Fill(pattern, values)}";
        return new Line(number, service, text, problem, PhraseBook.Fill(problem?.Meaning ?? "", values));
    }

    private static string Report(Line[] lines)
    {
        string counts = $"Errors: {List(lines, error: true)}\nWarnings: {List(lines, error: false)}";
        Line? first = lines.FirstOrDefault(line => line.Problem is { Error: true }) ?? lines.FirstOrDefault(line => line.Problem is not null);
        return first?.Problem is { } problem
            ? $"{counts}\nThe {first.Service} {first.Meaning}. Most likely {problem.Cause}: {problem.Advice}."
            : $"{counts}\nAll is well, there is nothing to do.";
    }

    private static string List(Line[] lines, bool error)
    {
        string[] found = [.. lines.Where(line => line.Problem?.Error == error).Select(line => $"{Text(line.Number)} {line.Service}")];
        return found.Length == 0 ? "none" : $"{string.Join(", ", found)} ({Text(found.Length)})";
    }

    private static bool Uses(string pattern, string placeholder) => pattern.Contains(placeholder, StringComparison.Ordinal);

    private static string Clock(int second) => $"{second / 3600:00}:{second / 60 % 60:00}:{second % 60:00}";

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
