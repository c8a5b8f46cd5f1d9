using Atlas.Evaluation.Text;

namespace Atlas.Evaluation.Tests.Text;

public sealed class ManualPageTests
{
    [Fact]
    public void A_page_becomes_headings_filled_paragraphs_tags_and_examples()
    {
        const string Source = """
            .\" A comment.
            .TH COUNT 1 "2026\-01\-01" "Project" "Commands"
            .SH NAME
            count \- count \fBall\fP things
            .SH "HOW TO USE"
            Counts
            .I things
            of a
            .BR count (1)
            call.
            .TP
            \fB\-n\fR, \fB\-\-number=\fIN\fR
            At most
            .B N
            of them.
            .PP
            An example:
            .nf
            $ count \-n 2
              1  2
            .fi
            .\" .SH HIDDEN
            .SS Details
            .IP \(bu 2
            It\(aqs done \(co 2026.
            """;
        const string Expected = """
            COUNT(1)

            NAME
                count - count all things

            HOW TO USE
                Counts things of a count(1) call.

                -n, --number=N
                    At most N of them.

                An example:
                $ count -n 2
                  1  2

            Details

                *
                    It's done (C) 2026.

            """;
        Assert.Equal(Lines(Expected), Lines(ManualPage.Render(Source)));
    }

    [Fact]
    public void Long_paragraphs_are_filled_to_the_width()
    {
        string words = string.Join(' ', Enumerable.Repeat("word", 60));
        string[] lines = ManualPage.Render($".SH X\n{words}\n").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.InRange(line.Length, 1, 78));
        Assert.Equal(60, string.Join(' ', lines[1..]).Split(' ', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.All(lines[1..^1], line => Assert.InRange(line.Length, 70, 78));
    }

    [Fact]
    public void Tables_definitions_and_conditional_parts_are_left_out()
    {
        string text = ManualPage.Render(
            ".SH A\n.de XX\nhidden one\n..\n.TS\nhidden two\n.TE\n.if n \\{\\\nhidden three\n.\\}\n.ie t hidden four\n.el hidden five\nshown\n");
        Assert.DoesNotContain("hidden", text, StringComparison.Ordinal);
        Assert.Contains("shown", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".Dd May 1\n.Dt LS 1\n.Sh NAME\nls\n")]
    [InlineData(".so man3/printf.3\n")]
    public void Pages_of_other_macros_and_links_to_pages_are_empty(string source) => Assert.Equal("", ManualPage.Render(source));

    [Theory]
    [InlineData(@"a\-b\fIc\fP\&d\(aqe\[rs]f\e", "a-bcd'e\\f\\")]
    [InlineData(@"\s-1SMALL\s0 \s+2big\s0", "SMALL big")]
    [InlineData(@"\f(CWcode\fR \f[B]bold\f[]", "code bold")]
    [InlineData(@"x\h'1n'y\*(lqz\*(rq", "xy\"z\"")]
    [InlineData("text \\\" comment", "text ")]
    [InlineData(@"broken \(", "broken ")]
    [InlineData(@"broken \[ab", "broken ")]
    [InlineData(@"broken \h'", "broken ")]
    [InlineData("end\\", "end")]
    public void Escapes_become_plain_characters(string line, string expected) => Assert.Equal(expected, RoffEscapes.Replace(line));

    [Fact]
    public void Damaged_pages_are_rendered_without_an_error()
    {
        var random = new Random(5);
        const string Characters = ".'\\fBIRPTS\"({[])} \n-*\t";
        for (int i = 0; i < 3000; i++)
        {
            string source = string.Concat(Enumerable.Range(0, random.Next(80)).Select(_ => Characters[random.Next(Characters.Length)]));
            Assert.NotNull(ManualPage.Render(source));
        }
    }

    private static string[] Lines(string text) => [.. text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n').Select(line => line.TrimEnd())];
}
