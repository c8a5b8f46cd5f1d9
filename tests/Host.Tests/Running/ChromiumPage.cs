using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Atlas.Host.Tests.Running;

/// <summary>A page in headless Chromium, asked by way of the DevTools protocol. One question at a time.</summary>
internal sealed class ChromiumPage : IAsyncDisposable
{
    private const string Announcement = "DevTools listening on ";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly Scratch _profile = new();
    private readonly ClientWebSocket _socket = new();
    private readonly List<string> _exceptions = [];
    private Process? _process;
    private int _lastId;

    private ChromiumPage()
    {
    }

    /// <summary>What the page's scripts threw and did not catch, one line for each.</summary>
    public IReadOnlyList<string> Exceptions => _exceptions;

    /// <summary>Opens a page.</summary>
    public static async Task<ChromiumPage> OpenAsync(string address)
    {
        var page = new ChromiumPage();
        try
        {
            await page.ConnectAsync();
            await page.AskAsync("Runtime.enable", new JsonObject());
            await page.AskAsync("Page.navigate", new JsonObject { ["url"] = address });
            return page;
        }
        catch (Exception)
        {
            await page.DisposeAsync();
            throw;
        }
    }

    /// <summary>The value of an expression in the page.</summary>
    public async Task<JsonElement> EvaluateAsync(string expression)
    {
        var answer = await AskAsync("Runtime.evaluate", new JsonObject { ["expression"] = expression, ["returnByValue"] = true });
        Assert.False(answer.TryGetProperty("exceptionDetails", out _), $"{expression}: {answer}");
        return answer.GetProperty("result").GetProperty("value");
    }

    /// <summary>Waits until an expression is true in the page; says what another one is where it does not come to that.</summary>
    public async Task UntilAsync(string expression, string shown)
    {
        var clock = Stopwatch.StartNew();
        while (!(await EvaluateAsync(expression)).GetBoolean())
        {
            if (clock.Elapsed > Limit) Assert.Fail($"{expression} does not hold; the page shows {await EvaluateAsync(shown)}");
            await Task.Delay(50);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        if (_process is not null)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
            _process.Dispose();
        }
        _profile.Dispose();
    }

    private async Task ConnectAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        _process = Process.Start(new ProcessStartInfo("chromium",
        [
            // Root, as in a container, has no sandbox.
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking", "--no-first-run",
            "--remote-debugging-port=0", $"--user-data-dir={_profile.Path}", "about:blank",
        ])
        { RedirectStandardError = true, RedirectStandardOutput = true })!;
        string? line;
        do line = await _process.StandardError.ReadLineAsync(limit.Token);
        while (line is not null && !line.StartsWith(Announcement, StringComparison.Ordinal));
        Assert.True(line is not null, "chromium ended without listening");
        _ = _process.StandardError.ReadToEndAsync(CancellationToken.None);
        var browser = new Uri(line[Announcement.Length..]);
        using var http = new HttpClient { BaseAddress = new Uri($"http://{browser.Authority}") };
        using var pages = JsonDocument.Parse(await http.GetStringAsync(new Uri("/json/list", UriKind.Relative), limit.Token));
        var page = pages.RootElement.EnumerateArray().First(target => target.GetProperty("type").GetString() == "page");
        await _socket.ConnectAsync(new Uri(page.GetProperty("webSocketDebuggerUrl").GetString()!), limit.Token);
    }

    private async Task<JsonElement> AskAsync(string method, JsonObject parameters)
    {
        using var limit = new CancellationTokenSource(Limit);
        int id = ++_lastId;
        await _socket.SendAsync(
            JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters }), WebSocketMessageType.Text, true, limit.Token);
        while (true)
        {
            var message = await ReceiveAsync(limit.Token);
            if (message.TryGetProperty("method", out var happened) && happened.GetString() == "Runtime.exceptionThrown") _exceptions.Add(message.GetRawText());
            if (!message.TryGetProperty("id", out var answered) || answered.GetInt32() != id) continue;
            Assert.True(message.TryGetProperty("result", out var result), $"{method}: {message}");
            return result;
        }
    }

    private async Task<JsonElement> ReceiveAsync(CancellationToken cancellation)
    {
        using var message = new MemoryStream();
        byte[] buffer = new byte[1 << 14];
        ValueWebSocketReceiveResult read;
        do
        {
            read = await _socket.ReceiveAsync(buffer.AsMemory(), cancellation);
            message.Write(buffer, 0, read.Count);
        }
        while (!read.EndOfMessage);
        using var json = JsonDocument.Parse(message.ToArray());
        return json.RootElement.Clone();
    }
}
