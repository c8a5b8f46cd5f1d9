using Atlas.Compute.Cpu.Kernels;
using Atlas.Modeling;

namespace Atlas.Compute.Cpu.Tests.Kernels;

public class AttentionKernelTests
{
    private static readonly WeightFormat[] Formats = [WeightFormat.F32, WeightFormat.BF16];

    [Theory]
    [MemberData(nameof(KernelSets.Names), MemberType = typeof(KernelSets))]
    public void Output_is_the_softmax_average_of_the_values(string name)
    {
        foreach (var format in Formats)
            foreach (int width in new[] { 16, 48, 64, 80, 128 })
                foreach (int count in new[] { 1, 2, 15, 16, 17, 63, 150 })
                {
                    using var test = new AttentionCase(format, width, slots: count, group: 2, seed: width * 1000 + count);
                    int[] path = [.. Enumerable.Range(0, count)];
                    var actual = test.Run(KernelSets.Get(name), [new AttentionView(0, count, path)]);
                    for (int head = 0; head < 2; head++)
                    {
                        var expected = test.Reference(0, head, 0, path);
                        for (int d = 0; d < width; d++) Assert.Equal(expected[d], actual[head * width + d], 4e-6);
                    }
                }
    }

    [Theory]
    [MemberData(nameof(KernelSets.Names), MemberType = typeof(KernelSets))]
    public void A_row_sees_its_path_and_its_window_only_and_has_the_same_bits_in_any_company(string name)
    {
        var random = new Random(8);
        for (int round = 0; round < 60; round++)
        {
            int width = 16 * random.Next(1, 6), slots = random.Next(1, 70), committed = random.Next(slots), group = random.Next(1, 4);
            using var test = new AttentionCase(Formats[round % 2], width, slots, group, seed: round);
            // Any ascending choice of pending slots is a path of some tree.
            var rows = Enumerable.Range(0, random.Next(1, 9)).Select(_ =>
            {
                int[] pending = [.. Enumerable.Range(committed, slots - committed).Where(_ => random.Next(3) > 0).DefaultIfEmpty(committed)];
                int[] path = [.. Enumerable.Range(0, committed), .. pending];
                return new AttentionView(random.Next(3) == 0 ? random.Next(path.Length) : 0, committed, path);
            }).ToArray();
            var together = test.Run(KernelSets.Get(name), rows);
            for (int row = 0; row < rows.Length; row++)
            {
                var alone = test.Run(KernelSets.Scalar, [rows[row]], firstRow: row);
                Assert.Equal(alone, together[(row * group * width)..((row + 1) * group * width)]);
                for (int head = 0; head < group; head++)
                {
                    var expected = test.Reference(row, head, rows[row].From, rows[row].Path);
                    for (int d = 0; d < width; d++) Assert.Equal(expected[d], alone[head * width + d], 4e-6);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(KernelSets.Names), MemberType = typeof(KernelSets))]
    public void Bits_depend_on_logical_order_only(string name)
    {
        var random = new Random(9);
        for (int round = 0; round < 40; round++)
        {
            int width = 16 * random.Next(1, 6), count = random.Next(1, 60), committed = random.Next(count + 1);
            using var dense = new AttentionCase(Formats[round % 2], width, count, group: 2, seed: round);
            var expected = dense.Run(KernelSets.Scalar, [new AttentionView(0, count, [.. Enumerable.Range(0, count)])]);
            // The pending ones lie in slots of their own, with gaps between.
            int[] path = [.. Enumerable.Range(0, committed), .. Enumerable.Range(committed, 2 * count).OrderBy(_ => random.Next())
                .Take(count - committed).Order()];
            using var spread = dense.Spread(path);
            Assert.Equal(expected, spread.Run(KernelSets.Get(name), [new AttentionView(0, committed, path)]));
        }
    }
}
