using System.Net;
using System.Text;
using Atlas.Host.Service.Http.OpenAi;
using Atlas.Host.Service.Metrics;
using Atlas.Protocol.Rpc;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Atlas.Host.Service.Http;

/// <summary>
/// HTTP, or HTTPS where there is a certificate: <c>/healthz</c> (<c>/health</c> too) and <c>/readyz</c>, <c>/metrics</c> in Prometheus' text format, <c>/</c>, a page
/// that shows them live, and OpenAI's endpoints below <c>/v1/</c>. Where a token is demanded, <c>/v1/</c> wants it, and beyond loopback so does
/// everything but health.
/// </summary>
/// <param name="settings">Where it listens; it has an HTTP port.</param>
/// <param name="service">Knows whether it takes requests.</param>
/// <param name="metrics">Figures.</param>
/// <param name="openAi">OpenAI's endpoints; null where nothing is generated.</param>
internal sealed class HttpService(ServeSettings settings, AtlasService service, MetricSet metrics, OpenAiApi? openAi) : IHostedService, IAsyncDisposable
{
    private const string Text = "text/plain; charset=utf-8";
    private const string Scheme = "Bearer ";

    private readonly BearerToken _token = new(settings.Access.Token);
    private WebApplication? _application;

    /// <summary>Where it listens, once started.</summary>
    public string Address { get; private set; } = "";

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = settings.Access.MaxMessageBytes;
            kestrel.Listen(settings.HttpAddress, settings.HttpPort!.Value, listen =>
            {
                if (settings.Certificate is { } certificate) listen.UseHttps(certificate);
            });
        });
        _application = builder.Build();
        _application.Run(AnswerAsync);
        await _application.StartAsync(cancellationToken).ConfigureAwait(false);
        var addresses = _application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>();
        Address = addresses?.Addresses.FirstOrDefault() ?? "";
    }

    /// <summary>Takes no more connections; what is being answered has the drain time to end.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_application is null) return;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(settings.DrainTime);
        await _application.StopAsync(limit.Token).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_application is not null) await _application.DisposeAsync().ConfigureAwait(false);
        _application = null;
    }

    private async Task AnswerAsync(HttpContext context)
    {
        string path = context.Request.Path.Value ?? "/";
        bool reads = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
        if (path is "/health" or "/healthz" or "/readyz" && reads)
        {
            bool up = path != "/readyz" || service.IsReady;
            await WriteAsync(context, up ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, Text, up ? "ok\n" : "draining\n").ConfigureAwait(false);
            return;
        }
        bool api = path.StartsWith("/v1/", StringComparison.Ordinal);
        if ((api || !IPAddress.IsLoopback(settings.HttpAddress)) && !IsAdmitted(context))
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            await OpenAiApi.RefuseAsync(context, new RpcError { Code = RpcErrorCode.Unauthorized, Message = "the bearer token is missing or wrong" }).ConfigureAwait(false);
            return;
        }
        if (api && openAi is not null && await openAi.TryAnswerAsync(context).ConfigureAwait(false)) return;
        var (status, type, text) = (path, reads) switch
        {
            ("/metrics", true) => (StatusCodes.Status200OK, "text/plain; version=0.0.4; charset=utf-8", metrics.ToPrometheus()),
            ("/", true) => (StatusCodes.Status200OK, "text/html; charset=utf-8", DashboardPage.Html),
            ("/metrics" or "/" or "/health" or "/healthz" or "/readyz", false) => (StatusCodes.Status405MethodNotAllowed, Text, "expected GET\n"),
            _ => (StatusCodes.Status404NotFound, Text, $"expected {(openAi is null ? "" : "/v1/models, /v1/completions, /v1/chat/completions, ")}/, /healthz, /readyz or /metrics\n"),
        };
        await WriteAsync(context, status, type, text).ConfigureAwait(false);
    }

    private bool IsAdmitted(HttpContext context)
    {
        if (!_token.IsDemanded) return true;
        string header = context.Request.Headers.Authorization.ToString();
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && _token.Admits(header[Scheme.Length..].Trim());
    }

    private static Task WriteAsync(HttpContext context, int status, string type, string text)
    {
        byte[] body = Encoding.UTF8.GetBytes(text);
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        context.Response.ContentLength = body.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
