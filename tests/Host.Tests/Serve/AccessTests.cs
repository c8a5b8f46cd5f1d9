using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Atlas.Client;
using Atlas.Host.Service;
using Atlas.Host.Service.Metrics;
using Atlas.Host.Service.Sidecar;
using Atlas.Host.Tests.Running;
using Atlas.Protocol.Messages;
using Atlas.Protocol.Rpc;

namespace Atlas.Host.Tests.Serve;

/// <summary>Who gets in, how, and for how long without a word.</summary>
public sealed class AccessTests
{
    [Fact]
    public async Task With_a_certificate_tcp_and_http_speak_tls()
    {
        using var scratch = new Scratch();
        var (certificate, key) = Certificate(scratch);
        using var process = AtlasProgram.Start(
        [
            "serve", "--sidecar", "--vocabulary", "50", "--listen", "tcp:127.0.0.1:0", "--token-file", scratch.Write("token", "secret"), "--http", "0",
            "--tls-certificate", certificate, "--tls-key", key,
        ]);
        try
        {
            string[] addresses = (await process.StandardOutput.ReadLineAsync())!["atlas serves on ".Length..].Split(", ");
            var options = new AtlasClientOptions
            {
                Token = "secret",
                ConnectTimeout = TimeSpan.FromMinutes(1),
                Secure = async (stream, cancellation) =>
                {
                    var secure = new SslStream(stream, false, (_, shown, _, _) => shown?.Subject == "CN=atlas-test");
                    await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "atlas-test" }, cancellation);
                    return secure;
                },
            };
            await using var client = await AtlasClient.ConnectAsync(RpcEndpoint.Parse(addresses[0]), options);
            Assert.Equal(50, client.Service.VocabularySize);
            Assert.StartsWith("https://", addresses[1], StringComparison.Ordinal);
            using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, shown, _, _) => shown?.Subject == "CN=atlas-test" };
            using var http = new HttpClient(handler);
            Assert.Equal("ok\n", await http.GetStringAsync(new Uri(addresses[1] + "/readyz")));
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    [Fact]
    public void What_would_be_open_or_half_secured_is_refused_in_one_line()
    {
        using var scratch = new Scratch();
        string[] serve = ["serve", "--sidecar", "--vocabulary", "50", "--listen", scratch.At("a.sock")];
        AtlasProgram.Run([.. serve, "--http", "0", "--http-address", "0.0.0.0"]).Refused("--http-address", "--token-file");
        AtlasProgram.Run([.. serve, "--http-address", "here"]).Refused("--http-address", "here");
        AtlasProgram.Run([.. serve, "--tls-certificate", "cert.pem"]).Refused("--tls-key");
        AtlasProgram.Run([.. serve, "--tls-certificate", scratch.Write("c", "no"), "--tls-key", scratch.Write("k", "no")]).Refused("--tls-certificate", "PEM");
        AtlasProgram.Run([.. serve, "--chat-template", "other"]).Refused("other", "chatml");
    }

    [Fact]
    public async Task Silent_and_stalled_connections_are_closed_and_others_are_not()
    {
        using var sidecar = new SidecarService(ServingSidecar.Settings());
        var metrics = new MetricSet();
        var access = new AccessSettings(null, 1 << 20);
        var endpoint = RpcEndpoint.Unix(Path.Combine(Path.GetTempPath(), $"atlas-{Guid.NewGuid():N}.sock"));
        var settings = new ServeSettings([endpoint], null, TimeSpan.FromSeconds(5), access) { IdleTime = TimeSpan.FromSeconds(3), StallTime = TimeSpan.FromSeconds(1) };
        await using var run = new ServiceRun(ServiceBuilder.Service(null, sidecar, metrics, access), metrics, settings);
        sidecar.Start();
        await run.StartAsync();
        await using var silent = await AtlasClient.ConnectAsync(endpoint);
        await silent.OpenAsync(ServingSidecar.Open(1, [1, 2]));
        await using var busy = await AtlasClient.ConnectAsync(endpoint);
        using var stalled = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await stalled.ConnectAsync(new UnixDomainSocketEndPoint(endpoint.Path!));
        // The beginning of a request, and no more.
        await stalled.SendAsync(new byte[] { 0x94, 0x00, 0x01 });
        var clock = Stopwatch.StartNew();
        while (silent.IsConnected && clock.Elapsed < TimeSpan.FromSeconds(60))
        {
            await busy.StatsAsync();
            await Task.Delay(50);
        }
        Assert.False(silent.IsConnected);
        Assert.True(clock.Elapsed > TimeSpan.FromSeconds(1.5));
        Assert.True(busy.IsConnected);
        Assert.Equal(0, await stalled.ReceiveAsync(new byte[1]));
        Assert.Equal(2, metrics.Read().Single(metric => metric.Key == "connections_closed_idle").Value);
        Assert.Equal(0, metrics.Read().Single(metric => metric.Key == "sidecar_sessions").Value);
    }

    private static (string Certificate, string Key) Certificate(Scratch scratch)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=atlas-test", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return (scratch.Write("certificate.pem", certificate.ExportCertificatePem()), scratch.Write("key.pem", key.ExportPkcs8PrivateKeyPem()));
    }
}
