using System.Diagnostics;
using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Core.Sampling;
using Atlas.Host.Service.Metrics;
using Atlas.Protocol.Messages;

namespace Atlas.Host.Service.Sidecar;

/// <summary>
/// One sequence of a client's server: its tokens, the draft it was answered, and what was drafted beyond that. Used under the lock of the
/// <see cref="SidecarEngine"/>.
/// </summary>
internal sealed class SidecarSession
{
    private const int FirstRoom = 512;

    private readonly long _id;
    private readonly int _draftCapacity;
    private DecodeSequence? _sequence;

    /// <summary>A session without tokens.</summary>
    /// <param name="id">Distinct among all sessions of the service, ever.</param>
    /// <param name="name">Its namespace.</param>
    /// <param name="parameters">What it was opened with.</param>
    /// <param name="draftCapacity">Most draft nodes.</param>
    /// <param name="counts">Where its namespace is counted.</param>
    public SidecarSession(long id, string name, OpenParams parameters, int draftCapacity, NamespaceCounts counts)
    {
        Counts = counts;
        _id = id;
        _draftCapacity = draftCapacity;
        Namespace = name;
        Class = Namespaces.ClassOf(parameters.Class);
        Speculator = parameters.Speculator;
        Packed = parameters.Packed;
        Ahead = new DraftTree(draftCapacity);
        Answered = new DraftTree(draftCapacity);
    }

    /// <summary>Whose traffic it is.</summary>
    public string Namespace { get; }

    /// <summary>What is counted of its namespace.</summary>
    public NamespaceCounts Counts { get; }

    /// <summary>What it asks of the service.</summary>
    public RequestClass Class { get; }

    /// <summary>Who may draft: a name of the protocol.</summary>
    public string Speculator { get; }

    /// <summary>Whether its drafts travel packed.</summary>
    public bool Packed { get; }

    /// <summary>When it was opened, as <see cref="Stopwatch.GetTimestamp"/>.</summary>
    public long OpenedAt { get; } = Stopwatch.GetTimestamp();

    /// <summary>Tokens that it began with.</summary>
    public int PromptTokens { get; private set; }

    /// <summary>Tokens that it holds.</summary>
    public int Position => _sequence?.Length ?? 0;

    /// <summary>Its tokens; null before the first.</summary>
    public DecodeSequence? Sequence => _sequence;

    /// <summary>What was drafted beyond the answer, from the same root.</summary>
    public DraftTree Ahead { get; }

    /// <summary>The draft that was answered last.</summary>
    public DraftTree Answered { get; }

    /// <summary>Whether it has been closed.</summary>
    public bool IsClosed { get; set; }

    /// <summary>Whether speculators know it.</summary>
    public bool WasDrafted { get; set; }

    /// <summary>Number of the last call that named it.</summary>
    public long LastCall { get; set; }

    /// <summary>Draft tokens that the last call asked for.</summary>
    public int LastBudget { get; set; }

    /// <summary>Whether <see cref="Answered"/> holds what was drafted ahead, for the call that is being answered.</summary>
    public bool IsReady { get; set; }

    /// <summary>Bit mask of the speculators that the controller asked last.</summary>
    public int Invoked { get; set; }

    /// <summary>Bit mask of the speculators that drafted <see cref="Ahead"/>.</summary>
    public int AheadBy { get; set; }

    /// <summary>What each speculator may draft ahead.</summary>
    public DraftShares AheadShares { get; } = new();

    /// <summary>Whether it waits to be drafted for ahead.</summary>
    public bool IsQueued { get; set; }

    /// <summary>Whether tokens may be committed to it.</summary>
    /// <param name="update">The tokens, and where they belong.</param>
    /// <param name="maxTokens">Most tokens of a session.</param>
    public DraftStatus StatusOf(SequenceUpdate update, int maxTokens) =>
        update.Base < Position ? DraftStatus.StalePosition
        : update.Base > Position ? DraftStatus.PositionGap
        : Position + (long)update.Tokens.Count > maxTokens ? DraftStatus.LimitExceeded
        : DraftStatus.Ok;

    /// <summary>Appends tokens; the first ones found the sequence. Returns whether there was one before.</summary>
    public bool Append(ReadOnlySpan<int> tokens)
    {
        if (_sequence is null)
        {
            _sequence = Found(tokens);
            PromptTokens = tokens.Length;
            return false;
        }
        // The controller drafts nothing where a sequence is about to end.
        if (_sequence.Remaining <= tokens.Length + _draftCapacity) Grow(tokens.Length + _draftCapacity);
        foreach (int token in tokens) _sequence.Emit(new SampledToken(token, 0f, 0f));
        return true;
    }

    /// <summary>A sequence of the same id that holds its first token only.</summary>
    public DecodeSequence Beginning() => Found(Sequence!.Tokens[..1], room: 1);

    // Speculators know a sequence by its id and compare its text with their own.
    private void Grow(int more)
    {
        var old = _sequence!;
        int[] text = old.Tokens.ToArray();
        _sequence = Found(text, Math.Max(more + 1, text.Length));
        _sequence.Draft.CopyFrom(old.Draft);
        _sequence.Shares = old.Shares;
    }

    private DecodeSequence Found(ReadOnlySpan<int> text, int room = FirstRoom) =>
        new(_id, text, SamplingOptions.Greedy, new StopRules(room + 1, []), _draftCapacity) { Namespace = Namespace, Class = Class };
}
