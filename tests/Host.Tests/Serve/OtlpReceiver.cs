using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Atlas.Host.Tests.Serve;

/// <summary>An OpenTelemetry collector that takes metrics and nothing else, by gRPC or by HTTP.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private const int GrpcHeader = 5;

    private readonly WebApplication _application;
    private readonly Channel<IReadOnlyList<OtlpPoint>> _received = Channel.CreateUnbounded<IReadOnlyList<OtlpPoint>>();

    private OtlpReceiver(bool grpc)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = grpc ? HttpProtocols.Http2 : HttpProtocols.Http1));
        _application = builder.Build();
        _application.Run(grpc ? AnswerGrpcAsync : AnswerHttpAsync);
    }

    /// <summary>What to call it by.</summary>
    public Uri Endpoint { get; private set; } = null!;

    public static async Task<OtlpReceiver> StartAsync(bool grpc)
    {
        var receiver = new OtlpReceiver(grpc);
        await receiver._application.StartAsync();
        string address = receiver._application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        receiver.Endpoint = new Uri(grpc ? address : address + "/v1/metrics");
        return receiver;
    }

    /// <summary>The next export that comes.</summary>
    public async Task<IReadOnlyList<OtlpPoint>> ReceiveAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        return await _received.Reader.ReadAsync(limit.Token);
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private async Task AnswerHttpAsync(HttpContext context)
    {
        Assert.Equal(("POST", "/v1/metrics", "application/x-protobuf"), (context.Request.Method, context.Request.Path.Value, context.Request.ContentType));
        await TakeAsync(context, 0);
        context.Response.ContentType = "application/x-protobuf";
    }

    private async Task AnswerGrpcAsync(HttpContext context)
    {
        Assert.Equal("/opentelemetry.proto.collector.metrics.v1.MetricsService/Export", context.Request.Path.Value);
        await TakeAsync(context, GrpcHeader);
        context.Response.ContentType = "application/grpc";
        context.Response.DeclareTrailer("grpc-status");
        // An empty message, not compressed.
        await context.Response.Body.WriteAsync(new byte[GrpcHeader]);
        context.Response.AppendTrailer("grpc-status", "0");
    }

    private async Task TakeAsync(HttpContext context, int header)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        _received.Writer.TryWrite(OtlpPoint.ReadExport(body.ToArray()[header..]));
    }
}
