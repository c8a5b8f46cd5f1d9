using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Atlas.Host.Service.Supervision;

/// <summary>
/// The socket on which systemd hears of a service of <c>Type=notify</c> (sd_notify(3)): one datagram per message, to the address in
/// <c>NOTIFY_SOCKET</c>. What cannot be sent is lost, as there: a service must not fail for want of who watches it. Thread-safe.
/// </summary>
internal sealed class SystemdSocket : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly UnixDomainSocketEndPoint _address;

    /// <summary>A socket that sends to this address.</summary>
    /// <param name="address">A path, or @ and a name of Linux' abstract namespace.</param>
    /// <param name="watchdog">Within this time it expects to hear of the service; null for no watchdog.</param>
    public SystemdSocket(string address, TimeSpan? watchdog)
    {
        _address = new UnixDomainSocketEndPoint(address.StartsWith('@') ? "\0" + address[1..] : address);
        // Who does not read must not make the sender wait.
        _socket.Blocking = false;
        Watchdog = watchdog;
    }

    /// <summary>Within this time systemd expects to hear that the service is well; null where it does not watch.</summary>
    public TimeSpan? Watchdog { get; }

    /// <summary>The socket that the environment of this process names; null where systemd does not ask for it.</summary>
    public static SystemdSocket? FromEnvironment() => From(Environment.GetEnvironmentVariable, Environment.ProcessId);

    /// <summary>The socket that an environment names.</summary>
    /// <param name="variable">Reads a variable of it.</param>
    /// <param name="process">Id of this process; a watchdog of another one is not meant.</param>
    internal static SystemdSocket? From(Func<string, string?> variable, int process)
    {
        if (variable("NOTIFY_SOCKET") is not { Length: > 1 } address || address[0] is not ('/' or '@') || !Socket.OSSupportsUnixDomainSockets) return null;
        bool meant = variable("WATCHDOG_PID") is not { Length: > 0 } id || id == process.ToString(CultureInfo.InvariantCulture);
        bool watches = long.TryParse(variable("WATCHDOG_USEC"), NumberStyles.None, CultureInfo.InvariantCulture, out long microseconds) && microseconds > 0;
        return new SystemdSocket(address, meant && watches ? TimeSpan.FromMicroseconds(microseconds) : null);
    }

    /// <summary>Sends assignments such as <c>READY=1</c>, one on each line.</summary>
    public void Send(string state)
    {
        try
        {
            _socket.SendTo(Encoding.UTF8.GetBytes(state), _address);
        }
        catch (SocketException)
        {
            // Nobody is there, or does not read.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();
}
