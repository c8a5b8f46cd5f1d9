using Atlas.Controller.Calibration;

namespace Atlas.Controller.Tests.Calibration;

public sealed class DepthProfileTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(2, 2)]
    [InlineData(8, 8)]
    public void Lookahead_ends_where_drafts_break_off(int holds, int expected)
    {
        var profile = new DepthProfile(8);
        for (int i = 0; i < 300; i++) profile.Observe(holds, refused: holds < 8);
        Assert.Equal(expected, profile.DeepestPaying(0.2));
    }

    [Fact]
    public void Depths_never_drafted_are_tried()
    {
        var profile = new DepthProfile(8);
        for (int i = 0; i < 300; i++) profile.Observe(2, refused: false);
        Assert.InRange(profile.DeepestPaying(0.3), 3, 8);
    }
}
