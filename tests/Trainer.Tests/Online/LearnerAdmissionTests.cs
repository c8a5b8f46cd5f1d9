using Atlas.Trainer.Online;

namespace Atlas.Trainer.Tests.Online;

/// <summary>Who has a place among the learners, without any learners.</summary>
public sealed class LearnerAdmissionTests
{
    private const int Window = 1000;

    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(60);

    private readonly SetClock _clock = new();
    private readonly LearnerAdmission _admission;
    private readonly Dictionary<string, long> _since = [];
    private readonly Dictionary<string, TimeSpan> _lastUse = [];
    private long _tokens;
    private TimeSpan _time;
    private int _most = 1;

    public LearnerAdmissionTests() => _admission = new LearnerAdmission(
        new OnlineTrainerOptions { AdmissionWindow = Window, IdleTime = Idle, LeastWindows = 64, Clock = _clock });

    [Theory]
    [InlineData(1, 0, 0)]
    [InlineData(10, 0, 0)]
    // Turns of two windows: who is here now has brought more than twice what is left of the others', and gets the place once in each turn.
    [InlineData(200, 5, 10)]
    public void Equals_that_take_short_turns_leave_the_places_where_they_are(int turn, int least, int most)
    {
        int changes = 0;
        for (int i = 0; i < 2000; i++) changes += Bring($"n{i / turn % 5}", 10) ? 1 : 0;
        Assert.InRange(changes, least, most);
    }

    [Fact]
    public void Who_becomes_busy_gets_the_place_of_who_has_become_quiet()
    {
        for (int i = 0; i < 500; i++) Bring("old", 10);
        int brought = 0;
        while (!Bring(brought % 100 == 90 ? "old" : "new", 10)) brought += 10;
        Assert.InRange(brought, Window / 2, 3 * Window);
        Assert.Equal(["new"], _since.Keys);
    }

    [Fact]
    public void Who_brings_a_little_more_does_not()
    {
        for (int i = 0; i < 5000; i++) Assert.False(Bring(i % 5 < 2 ? "old" : "new", 10) && i > 0);
        Assert.Equal(["old"], _since.Keys);
    }

    [Fact]
    public void A_place_that_nobody_has_used_for_a_while_goes_to_who_brings_anything()
    {
        for (int i = 0; i < 500; i++) Bring("old", 10);
        Pass(Idle - TimeSpan.FromSeconds(1));
        for (int i = 0; i < 10; i++) Assert.False(Bring("new", 10));
        Pass(TimeSpan.FromSeconds(1));
        // Too little to learn anything from.
        Assert.False(Bring("least", 10));
        Assert.True(Bring("new", 10));
    }

    [Fact]
    public void A_place_that_was_forgotten_is_free_and_its_traffic_counts_no_more()
    {
        for (int i = 0; i < 90; i++) Bring("old", 10);
        _admission.Forget("old");
        _since.Clear();
        for (int i = 0; i < 2; i++) Bring("new", 10);
        Pass(Idle);
        Assert.False(Bring("old", 10));
        Assert.Equal("new", _admission.Weakest());
    }

    [Fact]
    public void Whatever_comes_no_place_changes_hands_before_its_time()
    {
        for (int seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            var other = new LearnerAdmissionTests { _most = random.Next(1, 5) };
            int changes = 0, namespaces = random.Next(2, 12), longest = random.Next(1, 400);
            for (int turn = 0; turn < 400; turn++)
            {
                string name = $"n{(seed % 2 == 0 ? turn % namespaces : random.Next(namespaces))}";
                for (int left = random.Next(longest); left >= 0; left--)
                {
                    if (random.Next(200) == 0) other.Pass(TimeSpan.FromSeconds(random.Next(50)));
                    changes += other.Bring(name, random.Next(1, 17)) ? 1 : 0;
                }
                if (random.Next(50) > 0) continue;
                other._admission.Forget(name);
                other._since.Remove(name);
            }
            Assert.True(changes <= other._most * ((other._tokens / Window) + (other._time / Idle) + 1), $"seed {seed}: {changes} changes");
            Assert.True(other._since.Count <= other._most);
        }
    }

    private void Pass(TimeSpan time)
    {
        _clock.Advance(time);
        _time += time;
    }

    // As the trainer does it; whether somebody else had to leave. Checks that it was time to.
    private bool Bring(string name, int tokens)
    {
        _tokens += tokens;
        _admission.Observe(name, tokens);
        if (_since.ContainsKey(name))
        {
            _lastUse[name] = _time;
            return false;
        }
        bool leaves = _since.Count == _most;
        if (leaves)
        {
            if (_admission.PlaceFor(name) is not { } other) return false;
            bool idle = _time - _lastUse[other] >= Idle, served = _tokens - _since[other] >= Window;
            Assert.True(idle || served, $"{other} leaves after {_tokens - _since[other]} tokens, {_time - _lastUse[other]} after its last");
            _admission.Leave(other);
            Assert.True(_since.Remove(other));
        }
        _admission.Enter(name);
        _since[name] = _tokens;
        _lastUse[name] = _time;
        return leaves;
    }
}
