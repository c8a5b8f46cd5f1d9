using Atlas.Evaluation.Replay;

namespace Atlas.Evaluation.Tests.Replay;

public sealed class LatencyTableTests
{
    [Fact]
    public void A_table_is_read()
    {
        var profile = LatencyTable.Parse("1:1.5, 4:2,16:10");
        Assert.Equal([1, 4, 16], profile.Rows);
        Assert.Equal([0.0015, 0.002, 0.01], profile.Seconds);
        Assert.Equal(1, LatencyTable.Parse(LatencyTable.Default).Rows[0]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1:1")]
    [InlineData("2:1,3:1")]
    [InlineData("1:1,1:2")]
    [InlineData("1:1,4:0")]
    [InlineData("1:1,4:-1")]
    [InlineData("1:1,4:1e3")]
    [InlineData("1:1,four:2")]
    [InlineData("1:1;4:2")]
    [InlineData("1:1,4:2,")]
    public void What_is_no_table_is_refused(string text) => Assert.Contains("expected", Assert.Throws<FormatException>(() => LatencyTable.Parse(text)).Message);
}
