using System.Net;
using System.Text;
using Atlas.Host.Service.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Atlas.Host.Service.Http;

/// <summary>
/// HTTP for people and monitors, on loopback: <c>/health</c>, <c>/metrics</c> in Prometheus' text format, and <c>/</c>, a page that shows them
/// live. Nothing here changes anything.
/// </summary>
/// <param name="port">Port; 0 for any free one.</param>
/// <param name="metrics">Figures.</param>
internal sealed class HttpService(int port, MetricSet metrics) : IHostedService, IAsyncDisposable
{
    private WebApplication? _application;

    /// <summary>Where it listens, once started.</summary>
    public string Address { get; private set; } = "";

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        _application = builder.Build();
        _application.Run(AnswerAsync);
        await _application.StartAsync(cancellationToken).ConfigureAwait(false);
        var addresses = _application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>();
        Address = addresses?.Addresses.FirstOrDefault() ?? "";
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => _application?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_application is not null) await _application.DisposeAsync().ConfigureAwait(false);
        _application = null;
    }

    private Task AnswerAsync(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
            return WriteAsync(context, StatusCodes.Status405MethodNotAllowed, "text/plain; charset=utf-8", "expected GET\n");
        return context.Request.Path.Value switch
        {
            "/health" => WriteAsync(context, StatusCodes.Status200OK, "text/plain; charset=utf-8", "ok\n"),
            "/metrics" => WriteAsync(context, StatusCodes.Status200OK, "text/plain; version=0.0.4; charset=utf-8", metrics.ToPrometheus()),
            "/" => WriteAsync(context, StatusCodes.Status200OK, "text/html; charset=utf-8", DashboardPage.Html),
            _ => WriteAsync(context, StatusCodes.Status404NotFound, "text/plain; charset=utf-8", "expected /, /health or /metrics\n"),
        };
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
