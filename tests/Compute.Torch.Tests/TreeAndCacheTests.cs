using Atlas.Modeling.Engine;

namespace Atlas.Compute.Torch.Tests;

/// <summary>Trees, batches of unequal sequences, and what becomes of the cache, each against the same tokens computed alone.</summary>
public sealed class TreeAndCacheTests
{
    private const float Tolerance = 1e-4f;

    public static TheoryData<string> Cases => ["llama-bias", "mistral-window", "qwen2-window", "qwen3-window"];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_node_of_a_tree_sees_its_path_alone(string name)
    {
        using var test = new TestDecoder(name);
        int[] prompt = test.Tokens[..9];
        using var sequence = test.Open(prompt);
        var tree = new (int Token, int Parent)[] { (3, -1), (7, 0), (11, 0), (5, -1), (13, 1), (17, 2), (2, 3), (19, 4), (23, 4), (29, 6) };
        var plan = new BatchPlan();
        plan.Begin(sequence);
        foreach (var (token, parent) in tree) plan.Add(token, parent, output: true);
        var result = test.Decoder.Forward(plan);
        var logits = Enumerable.Range(0, tree.Length).Select(i => LogitAssert.Read(result, i, test.Vocabulary)).ToArray();
        for (int i = 0; i < tree.Length; i++) LogitAssert.Near(test.LogitsAfter([.. prompt, .. Path(tree, i)]), logits[i], Tolerance);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Sequences_with_different_numbers_of_rows_do_not_see_each_other(string name)
    {
        using var test = new TestDecoder(name);
        using var hole = test.Open();
        using var first = test.Open(test.Tokens[..12]);
        using var second = test.Open();
        using var third = test.Open(test.Tokens[5..8]);
        hole.Dispose();
        using var fourth = test.Open(test.Tokens[..2]);
        var plan = new BatchPlan();
        plan.Begin(third);
        int a = plan.Add(40, -1, output: true);
        plan.Begin(first);
        plan.Add(41, -1, output: false);
        plan.Add(42, 0, output: false);
        int b = plan.Add(43, 1, output: true);
        plan.Begin(second);
        for (int i = 0; i < 6; i++) plan.Add(test.Tokens[i], i - 1, output: i == 5);
        int c = plan.Rows - 1;
        plan.Begin(fourth);
        plan.Add(44, -1, output: false);
        int d = plan.Add(45, -1, output: true);
        var result = test.Decoder.Forward(plan);
        var logits = new[] { a, b, c, d }.Select(row => LogitAssert.Read(result, row, test.Vocabulary)).ToArray();
        foreach (var open in new[] { first, second, third, fourth }) open.Dispose();
        LogitAssert.Near(test.LogitsAfter([.. test.Tokens[5..8], 40]), logits[0], Tolerance);
        LogitAssert.Near(test.LogitsAfter([.. test.Tokens[..12], 41, 42, 43]), logits[1], Tolerance);
        LogitAssert.Near(test.LogitsAfter(test.Tokens[..6]), logits[2], Tolerance);
        LogitAssert.Near(test.LogitsAfter([.. test.Tokens[..2], 45]), logits[3], Tolerance);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_committed_path_is_compacted(string name)
    {
        using var test = new TestDecoder(name);
        int[] prompt = test.Tokens[..9];
        using var sequence = test.Open(prompt);
        var plan = new BatchPlan();
        plan.Begin(sequence);
        foreach (var (token, parent) in new[] { (3, -1), (5, -1), (7, 1), (9, 0), (11, 2) }) plan.Add(token, parent, output: false);
        test.Decoder.Forward(plan);
        sequence.CommitPath([1, 2, 4]);
        Assert.Equal((12, 0), (sequence.Length, sequence.Pending));
        var logits = LogitAssert.Read(test.Append(sequence, 20), 0, test.Vocabulary);
        LogitAssert.Near(test.LogitsAfter([.. prompt, 5, 7, 11, 20]), logits, Tolerance);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Truncation_leaves_no_trace(string name)
    {
        using var test = new TestDecoder(name);
        using var sequence = test.Open(test.Tokens[..14]);
        test.Append(sequence, 50, 51, 52);
        sequence.Truncate(6);
        Assert.Equal((6, 0), (sequence.Length, sequence.Pending));
        var logits = LogitAssert.Read(test.Append(sequence, 60, 61), 1, test.Vocabulary);
        LogitAssert.Near(test.LogitsAfter([.. test.Tokens[..6], 60, 61]), logits, Tolerance);
    }

    [Fact]
    public void A_copied_prefix_serves_another_sequence()
    {
        using var test = new TestDecoder("qwen3-window");
        using var source = test.Open(test.Tokens[..10]);
        using var copy = test.Open(70, 71, 72);
        copy.CopyPrefix(source, 7);
        Assert.Equal(7, copy.Length);
        var logits = LogitAssert.Read(test.Append(copy, 33), 0, test.Vocabulary);
        LogitAssert.Near(test.LogitsAfter([.. test.Tokens[..7], 33]), logits, Tolerance);
        logits = LogitAssert.Read(test.Append(source, 34), 0, test.Vocabulary);
        LogitAssert.Near(test.LogitsAfter([.. test.Tokens[..10], 34]), logits, Tolerance);
    }

    [Fact]
    public void An_empty_path_drops_all_pending_rows()
    {
        using var test = new TestDecoder("llama-bias");
        using var sequence = test.Open(test.Tokens[..4]);
        test.Append(sequence, 1, 2, 3);
        Assert.Equal(3, sequence.Pending);
        sequence.CommitPath([]);
        Assert.Equal((4, 0), (sequence.Length, sequence.Pending));
    }

    private static int[] Path((int Token, int Parent)[] tree, int node)
    {
        var path = new List<int>();
        for (; node >= 0; node = tree[node].Parent) path.Insert(0, tree[node].Token);
        return [.. path];
    }
}
