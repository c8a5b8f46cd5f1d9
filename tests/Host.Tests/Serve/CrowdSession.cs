using Atlas.Protocol.Messages;
using Atlas.Protocol.Rpc;

namespace Atlas.Host.Tests.Serve;

/// <summary>
/// One session of a crowd: the text that its server writes, a circle of its tenant's tokens with something else now and then, and what was acknowledged of it.
/// </summary>
internal sealed class CrowdSession
{
    /// <summary>First tokens of a prompt, which tell its session.</summary>
    public const int MarkTokens = 4;

    private readonly List<int> _text;
    private readonly Random _random;
    private readonly int _first;
    private readonly int _count;
    private readonly List<int> _sent = [];
    private List<int> _draft = [];
    private int _away;

    /// <summary>A session that is not open yet.</summary>
    /// <param name="number">Its number, unlike that of any other.</param>
    /// <param name="tenant">Whose it is.</param>
    /// <param name="own">Tokens that only this tenant uses.</param>
    public CrowdSession(int number, int tenant, int own)
    {
        (Number, Name, _first, _count) = (number, $"tenant-{tenant}", tenant * own, own);
        _random = new Random(number);
        _text = [_first, _first + (number % own), _first + (number / own % own), _first + (number / own / own), .. Enumerable.Range(0, 20).Select(Circle)];
        Prompt = _text.Count;
    }

    public int Number { get; }

    public string Name { get; }

    public int Prompt { get; }

    public string Mark => string.Join(',', _text.Take(MarkTokens));

    /// <summary>All that was acknowledged.</summary>
    public IReadOnlyList<int> Text => _text;

    public long Position => _text.Count;

    /// <summary>Tokens acknowledged behind the prompt.</summary>
    public long Committed => _text.Count - Prompt;

    /// <summary>Updates of calls of draft that had to be refused.</summary>
    public long Refused { get; private set; }

    /// <summary>Where the session stands when what was filled last is taken.</summary>
    public long Expected => Position + _sent.Count;

    /// <summary>How what was filled last is to be refused; null where it is to be taken.</summary>
    public string? IsAway => _away < 0 ? RpcErrorCode.StalePosition : _away > 0 ? RpcErrorCode.PositionGap : null;

    public OpenParams Open() => ServingSidecar.Open(Number, [.. _text], Name);

    /// <summary>Fills in what comes next; one in ten times at a place where it must be refused.</summary>
    public void Fill(SequenceUpdate update, Random random)
    {
        _sent.Clear();
        // What the server verified: as much of the draft as is right, and a token of its own.
        int right = 0;
        while (right < _draft.Count && _draft[right] == Next(right)) right++;
        for (int i = 0; i <= right; i++) _sent.Add(_random.Next(15) == 0 && i == right ? _first + _random.Next(_count) : Next(i));
        _away = random.Next(10) switch { 0 => -1 - random.Next(5), 1 => 1 + random.Next(5), _ => 0 };
        (update.Session, update.Base, update.Budget, update.Packed) = (Number, Position + _away, 1 + random.Next(8), random.Next(2) == 0);
        update.Tokens.Set([.. _sent]);
    }

    /// <summary>What was filled last has been acknowledged.</summary>
    public void TakeCommit()
    {
        _text.AddRange(_sent);
        _draft = [];
    }

    /// <summary>Checks what was answered to what was filled last.</summary>
    public void Take(SequenceDraft answer)
    {
        Assert.Equal(Number, answer.Session);
        if (_away == 0)
        {
            Assert.Equal((DraftStatus.Ok, Expected), (answer.Status, answer.Position));
            TakeCommit();
        }
        else
        {
            Refused++;
            Assert.Equal((_away < 0 ? DraftStatus.StalePosition : DraftStatus.PositionGap, Position), (answer.Status, answer.Position));
            Assert.Equal(0, answer.Tokens.Count);
            return;
        }
        _draft = [.. answer.Tokens.Span];
        Assert.All(_draft, token => Assert.InRange(token, _first, _first + _count - 1));
    }

    private int Next(int ahead) => Circle(_text.Count - MarkTokens + ahead);

    private int Circle(int position) => _first + (position * 5 % _count);
}
