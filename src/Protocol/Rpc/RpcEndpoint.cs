using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Atlas.Protocol.Rpc;

/// <summary>Where a service listens: a Unix domain socket or a TCP port. Immutable.</summary>
public sealed record RpcEndpoint
{
    private static readonly TimeSpan FullBacklogPause = TimeSpan.FromMilliseconds(5);

    private RpcEndpoint(string? path, string host, int port)
    {
        Path = path;
        Host = host;
        Port = port;
    }

    /// <summary>Path of the Unix domain socket; null for TCP.</summary>
    public string? Path { get; }

    /// <summary>Host name or address; empty for a Unix domain socket.</summary>
    public string Host { get; }

    /// <summary>TCP port; 0 for any free one where it is listened on.</summary>
    public int Port { get; }

    /// <summary>A Unix domain socket.</summary>
    public static RpcEndpoint Unix(string path) => new(path, "", 0);

    /// <summary>A TCP port.</summary>
    public static RpcEndpoint Tcp(string host, int port) => new(null, host, port);

    /// <summary>Reads <c>unix:PATH</c>, <c>tcp:HOST:PORT</c>, or a path that contains a slash.</summary>
    /// <exception cref="FormatException">The text is none of these.</exception>
    public static RpcEndpoint Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.StartsWith("unix:", StringComparison.Ordinal) && text.Length > 5) return Unix(text[5..]);
        if (text.StartsWith("tcp:", StringComparison.Ordinal))
        {
            int colon = text.LastIndexOf(':');
            ReadOnlySpan<char> digits = text.AsSpan(colon + 1);
            if (colon > 4 && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port <= 65535)
                return Tcp(text[4..colon].Trim('[', ']'), port);
        }
        else if (text.Contains('/'))
        {
            return Unix(text);
        }
        throw new FormatException($"endpoint '{text}'; expected unix:PATH, tcp:HOST:PORT or a path");
    }

    /// <summary>Connects. Small messages are sent at once (no Nagle).</summary>
    public async Task<Stream> ConnectAsync(CancellationToken cancellation = default)
    {
        while (true)
        {
            Socket socket = CreateSocket();
            try
            {
                if (Path is not null) await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path), cancellation).ConfigureAwait(false);
                else await socket.ConnectAsync(Host, Port, cancellation).ConfigureAwait(false);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException e) when (Path is not null && e.SocketErrorCode == SocketError.WouldBlock)
            {
                // Linux does not queue a connection behind a full backlog of a Unix domain socket; it says to try again.
                socket.Dispose();
                await Task.Delay(FullBacklogPause, cancellation).ConfigureAwait(false);
            }
            catch (Exception)
            {
                socket.Dispose();
                throw;
            }
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Path is null ? $"tcp:{Host}:{Port}" : $"unix:{Path}";

    /// <summary>A socket of this kind.</summary>
    internal Socket CreateSocket() => Path is not null
        ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
        : new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    /// <summary>Addresses to bind to.</summary>
    internal async Task<EndPoint> ResolveAsync(CancellationToken cancellation)
    {
        if (Path is not null) return new UnixDomainSocketEndPoint(Path);
        if (IPAddress.TryParse(Host, out IPAddress? address)) return new IPEndPoint(address, Port);
        IPAddress[] found = await Dns.GetHostAddressesAsync(Host, cancellation).ConfigureAwait(false);
        return new IPEndPoint(found[0], Port);
    }
}
