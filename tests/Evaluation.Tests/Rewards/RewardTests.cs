using Atlas.Evaluation.Rewards;
using Atlas.Evaluation.Workloads;

namespace Atlas.Evaluation.Tests.Rewards;

/// <summary>What rewards promise, over many tasks and over answers that are right, nearly right, or anything at all.</summary>
public sealed class RewardTests
{
    private const int Items = 150;

    public static TheoryData<string> Domains => [.. RewardCatalog.Domains];

    [Theory]
    [MemberData(nameof(Domains))]
    public void The_expected_completion_earns_1_and_so_it_does_between_blanks(string domain)
    {
        var reward = RewardCatalog.For(domain);
        foreach (var item in Of(domain))
            foreach (string completion in (string[])[item.Completion, $" {item.Completion}\n"])
                Assert.Equal(1, reward.Score(item, completion));
    }

    [Theory]
    [MemberData(nameof(Domains))]
    public void Damaged_completions_earn_0_to_1_and_1_only_where_the_answer_is_still_right(string domain)
    {
        var reward = RewardCatalog.For(domain);
        var random = new Random(5);
        int whole = 0, partly = 0, none = 0;
        foreach (var item in Of(domain))
            for (int round = 0; round < 40; round++)
            {
                string answer = Damage(item.Completion, random);
                double score = reward.Score(item, answer);
                Assert.InRange(score, 0, 1);
                Assert.Equal(score, reward.Score(item, answer));
                if (score == 1) Assert.True(item.Accepts(answer) || LastLine(item.Completion) == LastLine(answer), $"{answer} is not {item.Completion}");
                if (item.Accepts(answer)) Assert.Equal(1, score);
                if (score == 1) whole++;
                else if (score > 0) partly++;
                else none++;
            }
        Assert.True(whole > 0 && partly > 0 && none > 0, $"{whole} right, {partly} partly, {none} worth nothing: the damage proves little");
    }

    [Theory]
    [MemberData(nameof(Domains))]
    public void Any_text_is_scored_without_error(string domain)
    {
        const string Characters = "{}[]\":,0123=- \nAnswer\u00e9\ufffd";
        var reward = RewardCatalog.For(domain);
        var random = new Random(6);
        foreach (var item in Of(domain))
            for (int round = 0; round < 20; round++)
            {
                string text = string.Concat(Enumerable.Range(0, random.Next(30)).Select(_ => Characters[random.Next(Characters.Length)]));
                Assert.InRange(reward.Score(item, text), 0, 0.99);
            }
    }

    [Fact]
    public void Another_tasks_answer_earns_the_format_alone()
    {
        var items = Of("arithmetic");
        for (int i = 1; i < items.Count; i++)
            if (LastLine(items[i].Completion) != LastLine(items[0].Completion))
                Assert.Equal(AnswerLineReward.FormatCredit, RewardCatalog.For("arithmetic").Score(items[0], items[i].Completion));
    }

    [Theory]
    [InlineData("Answer: 12", 1)]
    [InlineData("work\nAnswer: 12", 1)]
    [InlineData("Answer: 13", 0.2)]
    [InlineData("Answer: -12", 0.2)]
    [InlineData("Answer: 12 apples", 0)]
    [InlineData("Answer: 12.0", 0)]
    [InlineData("Answer: ", 0)]
    [InlineData("The answer is 12", 0)]
    [InlineData("Answer: 12\nthat is all", 0)]
    [InlineData("", 0)]
    public void The_answer_stands_on_the_last_line(string completion, double expected) =>
        Assert.Equal(expected, new AnswerLineReward("Answer: ").Score(Item("10+2=12\nAnswer: 12", AnswerFormat.LastLine), completion));

    [Theory]
    [InlineData("""{"name": "a", "arguments": {"n": 1, "s": "x"}}""", 1.0)]
    [InlineData("""{"arguments": {"s": "x", "n": 1}, "name": "a"}""", 1.0)]
    [InlineData("""{"name": "b", "arguments": {"n": 7, "s": "y"}}""", 0.6)]
    [InlineData("""{"name": "a", "arguments": {"n": 1.5, "s": "x"}}""", 0.5)]
    [InlineData("""{"name": "a", "arguments": {"n": "1", "s": "x"}}""", 0.5)]
    [InlineData("""{"name": "a", "arguments": {"n": 1}}""", 0.5)]
    [InlineData("""{"name": "a"}""", 0.3)]
    [InlineData("""{"name": "a", "arguments": {"n": 1, "s": "x", "t": 0, "u": 0, "v": 0, "w": 0, "q": 0}}""", 0.35)]
    [InlineData("""{"name": "a", "arguments": {"n": 1, "s": "x"}""", 0.0)]
    [InlineData("""{"name": "a", "name": "a", "arguments": {"n": 1, "s": "x"}}""", 0.0)]
    [InlineData("null", 0.1)]
    public void Json_earns_by_the_places_of_the_schema_that_it_fills(string completion, double expected) => Assert.Equal(
        expected, new JsonSchemaReward().Score(Item("""{"name": "a", "arguments": {"n": 1, "s": "x"}}""", AnswerFormat.Json), completion), 1e-9);

    [Fact]
    public void Json_of_the_schema_with_other_values_satisfies_it_and_nothing_less_does()
    {
        var item = Item("""{"name": "a", "arguments": {"n": 1, "b": true}}""", AnswerFormat.Json);
        Assert.True(JsonSchemaReward.Satisfies(item, """{"name": "z", "arguments": {"b": false, "n": 9}}"""));
        foreach (string other in (string[])["""{"name": "z", "arguments": {"n": 9}}""", """{"name": "z", "arguments": {"n": 9, "b": 1}}""", "{", "[]"])
            Assert.False(JsonSchemaReward.Satisfies(item, other));
    }

    [Theory]
    [InlineData("12, 40, 77", 1.0)]
    [InlineData("12, 77, 40", 0.5)]
    [InlineData("77, 12, 40", 0.4)]
    [InlineData("12, 40", 0.5)]
    [InlineData("12, 40, 77, 77, 77, 77", 0.4)]
    [InlineData("1", 0.1)]
    [InlineData("12,40,77", 0.0)]
    [InlineData("twelve", 0.0)]
    public void Sorting_earns_by_members_and_places(string completion, double expected) =>
        Assert.Equal(expected, new SortingReward().Score(Item("12, 40, 77", AnswerFormat.Text), completion), 1e-9);

    [Fact]
    public void A_domain_without_a_reward_is_refused_by_name() =>
        Assert.Contains("'chat'", Assert.Throws<ArgumentException>(() => RewardCatalog.For("chat")).Message, StringComparison.Ordinal);

    private static List<WorkloadItem> Of(string domain) =>
        [.. Enumerable.Range(0, Items).Select(i => WorkloadCatalog.Get(domain).Item(Split.Training, 3, i))];

    private static WorkloadItem Item(string completion, AnswerFormat format) => new()
    {
        Domain = "test",
        Prompt = "?\n>>>\n",
        Completion = completion,
        Format = format,
        Entities = [],
        Phrases = [],
    };

    private static string LastLine(string text) => text.Trim().Split('\n')[^1];

    // A character changed, removed or doubled, a digit changed, two swapped, the end cut off, or nothing at all.
    private static string Damage(string text, Random random)
    {
        int at = random.Next(text.Length);
        return random.Next(7) switch
        {
            0 => text[..at] + (char)random.Next(32, 127) + text[(at + 1)..],
            1 => text.Remove(at, 1),
            2 => text.Insert(at, text[at].ToString()),
            3 => new string([.. text.Select((c, i) => i == at && char.IsAsciiDigit(c) ? (char)('0' + random.Next(10)) : c)]),
            4 => at == 0 ? text : text[..(at - 1)] + text[at] + text[at - 1] + text[(at + 1)..],
            5 => text[..at],
            _ => text,
        };
    }
}
