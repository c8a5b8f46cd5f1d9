using System.CommandLine;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Atlas.Controller.Latency;
using Atlas.Evaluation.Replay;
using Atlas.Host.CommandLine;
using Atlas.Host.Service.Configuration;
using Atlas.Host.Service.Http.OpenAi;
using Atlas.Host.Service.Recording;
using Atlas.Host.Service.Sidecar;
using Atlas.Host.Service.Telemetry;
using Atlas.Protocol.Rpc;

namespace Atlas.Host.Service;

/// <summary>The options of <c>atlas serve</c> that are neither of models nor of speculation.</summary>
internal sealed class ServeOptionSet
{
    private readonly Option<string[]> _listen = new("--listen")
    {
        Description = "Where to listen: unix:PATH, tcp:HOST:PORT or a path with a slash; may be given several times. TCP needs --token-file.",
        HelpName = "endpoint",
    };

    private readonly Option<int?> _http = new("--http") { Description = "Port of HTTP (/v1/..., /healthz, /readyz, /metrics, /); 0 takes a free one. Default: no HTTP." };

    private readonly Option<string> _httpAddress = new("--http-address")
    {
        Description = "Address that HTTP listens on; one beyond this machine needs --token-file.",
        HelpName = "address",
        DefaultValueFactory = _ => "127.0.0.1",
    };

    private readonly Option<string> _chatTemplate = new("--chat-template")
    {
        Description = "How the messages of /v1/chat/completions become text: chatml, llama3 or plain.",
        HelpName = "name",
        DefaultValueFactory = _ => ChatTemplate.All[0].Name,
    };

    private readonly Option<string?> _certificate = new("--tls-certificate") { Description = "PEM file of the certificate (chain) for TLS on TCP and HTTP.", HelpName = "file" };
    private readonly Option<string?> _key = new("--tls-key") { Description = "PEM file of its key.", HelpName = "file" };
    private readonly Option<int> _idle = WholeNumber.Option("--idle-time", 0, 0, "Seconds of silence after which a connection without calls under way is closed, with its sessions; 0 for never.");

    private readonly Option<string?> _tokenFile = new("--token-file")
    {
        Description = "File whose first line is the bearer token that hello must bring.",
        HelpName = "file",
    };

    private readonly Option<string?> _otlp = new("--otlp")
    {
        Description = "Sends the figures of /metrics to this OpenTelemetry collector, such as http://localhost:4317. Default: to none.",
        HelpName = "url",
    };

    private readonly Option<string> _otlpProtocol = new("--otlp-protocol")
    {
        Description = "How they are sent: grpc, or http (protobuf to the URL as it is, which mostly ends in /v1/metrics).",
        DefaultValueFactory = _ => ExportSettings.Grpc,
    };

    private readonly Option<int> _otlpInterval = WholeNumber.Option("--otlp-interval", 10, 1, "Seconds from one sending to the next.");

    private readonly Option<int> _drain = WholeNumber.Option("--drain-time", 30, 0, "Seconds that requests may go on for when the service is told to end.");
    private readonly Option<int> _message = WholeNumber.Option("--max-message-mib", 16, 1, "Longest message, in MiB.");
    private readonly Option<bool> _sidecar = new("--sidecar") { Description = "Drafts for another server's sequences instead of running a target." };
    private readonly Option<int> _vocabulary = WholeNumber.Option("--vocabulary", 0, 0, "With --sidecar: token ids of the other server's model; 0 reads it from --target's config.json.");
    private readonly Option<string> _fingerprint = new("--fingerprint") { Description = "With --sidecar: name of the other server's model; checkpoints are bound to it.", DefaultValueFactory = _ => "" };
    private readonly Option<int> _hidden = WholeNumber.Option("--hidden-size", 0, 0, "With --sidecar: numbers in a hidden state of the other server's model, which it sends with what it commits; 0 for none.");
    private readonly Option<string?> _ends = new("--target-weights")
    {
        Description = "With --sidecar: checkpoint directory of the other server's model, of which embedding, final norm and output head are read, so that a head on its hidden states drafts too. --vocabulary and --hidden-size follow from it.",
        HelpName = "dir",
    };

    private readonly Option<string> _latency = new("--latency")
    {
        Description = "With --sidecar: milliseconds that a forward of the other server takes over so many rows, rows:ms,rows:ms,..., until it has told.",
        HelpName = "table",
        DefaultValueFactory = _ => SidecarSettings.DefaultLatency,
    };

    private readonly Option<int> _sessions = WholeNumber.Option("--max-sessions", 1024, 1, "With --sidecar: most sessions at once.");
    private readonly Option<int> _learningMemory = WholeNumber.Option("--learning-memory-mib", 512, 16, "With --sidecar: memory of the texts kept, as much again for what is learned, and with --hidden-size for hidden states.");
    private readonly Option<int> _context = WholeNumber.Option("--context", 0, 0, "Most tokens of prompt and completion together; 0 takes the model's context, in a sidecar 32768.");
    private readonly Option<int> _cache = WholeNumber.Option("--kv-memory-mib", 1024, 1, "Memory for keys and values; requests beyond it wait.");
    private readonly Option<int> _cores = WholeNumber.Option("--cores", 0, 0, "Processors that the service may take, from which --threads follows; 0 for all that it may run on.");
    private readonly Option<int> _batch = WholeNumber.Option("--max-batch", 16, 1, "Most completions that are decoded at once; with --sidecar, most sequences in one call are 256 times that.");
    private readonly Option<int> _queue = WholeNumber.Option("--max-waiting", 256, 1, "Most completions that wait; further requests are refused as overloaded.");
    private readonly Option<string?> _checkpoints = new("--checkpoints") { Description = "Directory in which what was learned is kept. Default: nothing is kept.", HelpName = "dir" };

    private readonly Option<string?> _record = new("--record")
    {
        Description = "Writes what is served to this new file, a trace that `atlas replay --recorded` reads. Default: nothing is written.",
        HelpName = "trace.jsonl",
    };

    public ServeOptionSet()
    {
        _message.MustBe(mebibytes => mebibytes <= 1024, "1 to 1024");
        _chatTemplate.AcceptOnlyFromAmong([.. ChatTemplate.All.Select(template => template.Name)]);
        _otlpProtocol.AcceptOnlyFromAmong(ExportSettings.Grpc, ExportSettings.Http);
        _hidden.MustBe(size => size <= 65536, "0 to 65536");
        _cores.MustBe(cores => cores <= Environment.ProcessorCount, $"0 to {Environment.ProcessorCount}, the processors of this machine");
        _http.MustBe(port => port is null or (>= 0 and <= 65535), "0 to 65535");
    }

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[ServeConfiguration.File, _listen, _http, _httpAddress, _chatTemplate, _tokenFile, _certificate, _key, _idle, _drain,
            _message, _otlp, _otlpProtocol, _otlpInterval, _sidecar, _vocabulary, _fingerprint, _hidden, _ends, _latency, _sessions, _learningMemory, _context, _cache, _cores,
            _batch, _queue, _checkpoints, _record])
            command.Add(option);
    }

    /// <summary>Whether the service is a sidecar.</summary>
    public bool IsSidecar(ParseResult parsed) => parsed.GetValue(_sidecar);

    /// <summary>Token ids of a sidecar's target; 0 where they are to be read from its configuration.</summary>
    public int Vocabulary(ParseResult parsed) => parsed.GetValue(_vocabulary);

    /// <summary>Name of a sidecar's target.</summary>
    public string Fingerprint(ParseResult parsed) => parsed.GetValue(_fingerprint)!;

    /// <summary>Numbers in a hidden state of a sidecar's target; 0 for none.</summary>
    public int HiddenSize(ParseResult parsed) => parsed.GetValue(_hidden);

    /// <summary>Checkpoint of a sidecar's target, of which only the ends are read; null for none.</summary>
    public string? TargetWeights(ParseResult parsed) => parsed.GetValue(_ends);

    /// <summary>What a sidecar's target is taken to need for a forward.</summary>
    /// <exception cref="UsageException">The table is none.</exception>
    public LatencyProfile Latency(ParseResult parsed)
    {
        try
        {
            return LatencyTable.Parse(parsed.GetValue(_latency)!);
        }
        catch (FormatException e)
        {
            throw new UsageException($"--latency: {e.Message}");
        }
    }

    /// <summary>Most sessions of a sidecar.</summary>
    public int Sessions(ParseResult parsed) => parsed.GetValue(_sessions);

    /// <summary>Bytes of texts in a sidecar.</summary>
    public long LearningBytes(ParseResult parsed) => (long)parsed.GetValue(_learningMemory) << 20;

    /// <summary>Most tokens of a sequence; 0 for the default.</summary>
    public int Context(ParseResult parsed) => parsed.GetValue(_context);

    /// <summary>Bytes for keys and values.</summary>
    public long CacheBytes(ParseResult parsed) => (long)parsed.GetValue(_cache) << 20;

    /// <summary>Processors that the service may take.</summary>
    public int Cores(ParseResult parsed) => parsed.GetValue(_cores) is var cores and > 0 ? cores : Environment.ProcessorCount;

    /// <summary>Most completions at once.</summary>
    public int Batch(ParseResult parsed) => parsed.GetValue(_batch);

    /// <summary>Most completions that wait.</summary>
    public int Queue(ParseResult parsed) => parsed.GetValue(_queue);

    /// <summary>Where what was learned is kept; null for nowhere.</summary>
    public string? Checkpoints(ParseResult parsed) => parsed.GetValue(_checkpoints);

    /// <summary>What writes traffic down; null where nothing is to be written.</summary>
    /// <exception cref="UsageException">The file is there already, or cannot be made.</exception>
    public TrafficRecorder? Recorder(ParseResult parsed)
    {
        if (parsed.GetValue(_record) is not { } path) return null;
        try
        {
            return new TrafficRecorder(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"--record {path}: {e.Message.ReplaceLineEndings(" ")}; expected a file that can be made and is not there yet");
        }
    }

    /// <summary>Where it listens, whom it lets in and how it ends. All that is wrong is said at once.</summary>
    /// <exception cref="UsageException">Nothing to listen on, an address open to everybody, a file that is not there or not what it should be.</exception>
    public ServeSettings Settings(ParseResult parsed)
    {
        var faults = new UsageFaults();
        List<RpcEndpoint> endpoints = [];
        foreach (string text in parsed.GetValue(_listen) ?? [])
            if (faults.Read(() => Endpoint(text)) is { } endpoint)
                endpoints.Add(endpoint);
        if (parsed.GetValue(_listen) is null or []) faults.Add("nothing to listen on; expected --listen unix:PATH or tcp:HOST:PORT");
        string? token = faults.Read(() => TokenFile.Read(parsed.GetValue(_tokenFile)));
        bool isOpen = parsed.GetValue(_tokenFile) is null;
        if (isOpen && endpoints.FirstOrDefault(endpoint => endpoint.Path is null) is { } open)
            faults.Add($"--listen {open} is open to whoever reaches it; expected --token-file FILE with it");
        var settings = new ServeSettings(
            endpoints, parsed.GetValue(_http), TimeSpan.FromSeconds(parsed.GetValue(_drain)), new AccessSettings(token, parsed.GetValue(_message) << 20))
        {
            HttpAddress = faults.Read(() => HttpAddress(parsed, isOpen)) ?? IPAddress.Loopback,
            Certificate = faults.Read(() => Certificate(parsed.GetValue(_certificate), parsed.GetValue(_key))),
            ChatTemplate = ChatTemplate.Find(parsed.GetValue(_chatTemplate)!),
            IdleTime = TimeSpan.FromSeconds(parsed.GetValue(_idle)),
            Export = faults.Read(() => Export(parsed)),
        };
        if (IsSidecar(parsed)) faults.Read(() => Latency(parsed));
        else if (TargetWeights(parsed) is not null) faults.Add("--target-weights is for the model of another server; expected --sidecar with it");
        faults.ThrowIfAny();
        return settings;
    }

    private static RpcEndpoint Endpoint(string text)
    {
        try
        {
            return RpcEndpoint.Parse(text);
        }
        catch (FormatException e)
        {
            throw new UsageException($"--listen: {e.Message}");
        }
    }

    private IPAddress HttpAddress(ParseResult parsed, bool isOpen)
    {
        string text = parsed.GetValue(_httpAddress)!;
        if (!IPAddress.TryParse(text, out var address)) throw new UsageException($"--http-address is {text}; expected an address such as 127.0.0.1 or 0.0.0.0");
        if (isOpen && parsed.GetValue(_http) is not null && !IPAddress.IsLoopback(address))
            throw new UsageException($"--http-address {text} is open to whoever reaches it; expected --token-file FILE with it");
        return address;
    }

    private ExportSettings? Export(ParseResult parsed)
    {
        if (parsed.GetValue(_otlp) is not { } text) return null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var endpoint) || endpoint.Scheme is not ("http" or "https"))
            throw new UsageException($"--otlp is {text}; expected a URL such as http://localhost:4317");
        return new ExportSettings(endpoint, parsed.GetValue(_otlpProtocol) == ExportSettings.Grpc, TimeSpan.FromSeconds(parsed.GetValue(_otlpInterval)));
    }

    private static X509Certificate2? Certificate(string? certificate, string? key)
    {
        if (certificate is null && key is null) return null;
        if (certificate is null || key is null) throw new UsageException("TLS needs both; expected --tls-certificate FILE and --tls-key FILE");
        try
        {
            return X509Certificate2.CreateFromPemFile(certificate, key);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"--tls-certificate {certificate}, --tls-key {key}: {e.Message.ReplaceLineEndings(" ")}; expected PEM files that belong together");
        }
    }
}
