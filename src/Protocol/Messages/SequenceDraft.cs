using Atlas.Protocol.Rpc;

namespace Atlas.Protocol.Messages;

/// <summary>
/// The draft of one sequence: a tree of tokens behind the session's last one; a chain where no parents are given. Drafts are point
/// masses: confidence is an estimate of acceptance, never the q of rejection sampling.
/// </summary>
public sealed class SequenceDraft : MapMessage
{
    private static readonly MessageSchema Keys = new(
        required: ["session", "position"],
        optional:
        [
            "status", "tokens", "parents", "confidence", "speculator", "version",
        ]);

    /// <summary>The session.</summary>
    public long Session { get; set; }

    /// <summary>Tokens that the session holds now; 0 for one that is not open.</summary>
    public long Position { get; set; }

    /// <summary>What became of the sequence; a number on the wire.</summary>
    public DraftStatus Status { get; set; }


    /// <summary>Draft tokens, parents before children.</summary>
    public TokenBuffer Tokens { get; } = new();

    /// <summary>Index of each token's parent, -1 behind the session's last token; not there for a chain.</summary>
    public TokenBuffer Parents { get; } = new();

    /// <summary>For each token, the estimated probability, 0 to 1, that it is accepted given that its parent was.</summary>
    public FloatBuffer Confidence { get; } = new();

    /// <summary>Who drafted: <c>static</c>, <c>suffix</c>, <c>learned</c>, of a merged tree the first; empty where nobody did.</summary>
    public string Speculator { get; set; } = "";


    /// <summary>Version of the speculator's weights or store.</summary>
    public long Version { get; set; }

    /// <summary>Whether <see cref="MapMessage.Write"/> packs tokens, parents and confidence as <c>bin</c>; reading takes both.</summary>
    public bool Packed { get; set; }

    private protected override MessageSchema Schema => Keys;

    /// <inheritdoc/>
    public override void Clear()
    {
        Session = 0;
        Packed = false;
        Position = 0;
        Status = DraftStatus.Ok;
        Tokens.Clear();
        Parents.Clear();
        Confidence.Clear();
        Speculator = "";
        Version = 0;
    }

    private protected override void WriteFields(ref MapWriter map)
    {
        map.Field("session"u8, Session);
        map.Field("position"u8, Position);
        map.Field("status"u8, (long)Status, omit: 0);
        map.Field("tokens"u8, Tokens, packed: Packed);
        map.Field("parents"u8, Parents, packed: Packed);
        map.Field("confidence"u8, Confidence, packed: Packed);
        map.Field("speculator"u8, Speculator, omit: "");
        map.Field("version"u8, Version, omit: 0);
    }

    private protected override void ReadField(string key, ref MessagePackReader reader)
    {
        switch (key)
        {
            case "session": Session = reader.ReadInt64(); break;
            case "position": Position = reader.ReadInt64(); break;
            case "status": Status = (DraftStatus)reader.ReadInt32(); break;
            case "tokens": Tokens.Read(ref reader); break;
            case "parents": Parents.Read(ref reader, root: true); break;
            case "confidence": Confidence.Read(ref reader); break;
            case "speculator": Speculator = WireNames.ReadSpeculator(ref reader); break;
            case "version": Version = reader.ReadInt64(); break;
        }
    }

    private protected override void Check()
    {
        if (Parents.Count > 0 && Parents.Count != Tokens.Count)
            throw RpcException.Invalid("parents", $"holds {Parents.Count}; expected none, or one for each of {Tokens.Count} tokens");
        for (int i = 0; i < Parents.Count; i++)
        {
            if (Parents[i] >= i) throw RpcException.Invalid("parents", $"[{i}] is {Parents[i]}; expected -1 to {i - 1}");
        }
        if (Confidence.Count > 0 && Confidence.Count != Tokens.Count)
            throw RpcException.Invalid("confidence", $"holds {Confidence.Count}; expected none, or one for each of {Tokens.Count} tokens");
    }
}
