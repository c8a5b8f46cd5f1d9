using Atlas.Controller.Budget;
using Atlas.Controller.Latency;
using Atlas.Core.Decoding;

namespace Atlas.Controller.Tests.Budget;

public sealed class NodeSelectionTests
{
    private static readonly TargetLatency Curve =
        new(LatencyProfile.Of((1, 1.6e-3), (2, 1.65e-3), (4, 1.9e-3), (5, 2.1e-3), (8, 2.8e-3), (16, 5e-3)));

    [Fact]
    public void It_is_the_best_of_all_ways_to_cut_the_drafts()
    {
        var random = new Random(7);
        for (int round = 0; round < 200; round++)
        {
            // Two drafts of four nodes: 256 ways, of which those count that keep every node's parent.
            var nodes = Enumerable.Range(0, 8).Select(i => (Draft: i / 4, Node: i % 4, Parent: random.Next(-1, i % 4), Gain: 0.0)).ToArray();
            for (int i = 0; i < 8; i++)
            {
                double above = nodes[i].Parent < 0 ? 1 : nodes[i / 4 * 4 + nodes[i].Parent].Gain;
                nodes[i].Gain = above * Math.Pow(random.NextDouble(), 0.7);
            }
            var prices = Prices(2, room: random.Next(0, 9), secondsPerToken: 4e-4 + 1e-3 * random.NextDouble());
            double best = 0;
            for (int set = 0; set < 256; set++)
            {
                var chosen = nodes.Where((_, i) => (set >> i & 1) != 0).ToArray();
                bool closed = chosen.All(n => n.Parent < 0 || chosen.Any(p => p.Draft == n.Draft && p.Node == n.Parent));
                if (closed && chosen.Length <= prices.Rows.Drafts) best = Math.Max(best, Value(chosen.Sum(n => n.Gain), chosen.Length, prices));
            }
            var selection = new NodeSelection();
            selection.Begin(2, 4);
            foreach (var n in nodes) selection.Add(n.Draft, n.Node, n.Gain);
            int kept = selection.Choose(prices, 4);
            var own = nodes.Where(n => selection.Kept(n.Draft, 4)[n.Node]).ToArray();
            Assert.Equal(kept, own.Length);
            Assert.All(own, n => Assert.True(n.Parent < 0 || selection.Kept(n.Draft, 4)[n.Parent]));
            Assert.Equal(best, Value(own.Sum(n => n.Gain), kept, prices), 9);
        }
    }

    [Theory]
    [InlineData(0.9, 8, 8)]
    [InlineData(0.6, 8, 3)]
    [InlineData(0.01, 8, 0)]
    [InlineData(0.9, 2, 2)]
    [InlineData(0.9, 0, 0)]
    public void A_chain_is_cut_where_its_tokens_no_longer_pay(double acceptance, int room, int expected)
    {
        var selection = new NodeSelection();
        selection.Begin(1, 8);
        for (int node = 0; node < 8; node++) selection.Add(0, node, Math.Pow(acceptance, node + 1));
        Assert.Equal(expected, selection.Choose(Prices(1, room, 0.7e-3), 16));
    }

    [Fact]
    public void No_draft_has_more_nodes_than_the_target_takes()
    {
        var selection = new NodeSelection();
        selection.Begin(2, 8);
        for (int node = 0; node < 8; node++) selection.Add(0, node, 0.99);
        for (int node = 0; node < 2; node++) selection.Add(1, node, 0.98);
        Assert.Equal(5, selection.Choose(Prices(2, 16, 2e-3), 3));
        Assert.Equal(3, selection.Kept(0, 8).ToArray().Count(k => k));
    }

    private static RowPrices Prices(int sequences, int room, double secondsPerToken) =>
        new(Curve, new ForwardRows(sequences, room, 64), 0, secondsPerToken);

    private static double Value(double gain, int nodes, RowPrices prices) => gain - prices.Tokens(nodes);
}
