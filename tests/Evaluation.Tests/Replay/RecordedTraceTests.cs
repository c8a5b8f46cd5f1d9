using Atlas.Evaluation.Replay;
using Atlas.Evaluation.Traces;

namespace Atlas.Evaluation.Tests.Replay;

public sealed class RecordedTraceTests
{
    [Fact]
    public void Token_ids_are_taken_as_they_are_and_bound_the_vocabulary()
    {
        var trace = ReplayTraffic.Trace([ReplayTraffic.Request("a", [7], [99, 3])]);
        Assert.Equal(100, trace.VocabularySize);
        Assert.Equal([99, 3], trace.Requests[0].Output);
        Assert.Equal("token ids of the trace", trace.TokenKind);
    }

    [Fact]
    public void Requests_without_completion_are_left_out_and_counted()
    {
        var trace = ReplayTraffic.Trace([ReplayTraffic.Request("a", [7], [1]), ReplayTraffic.Request("a", [7], []), ReplayTraffic.Request("a", [7], [1]) with { Completion = null }]);
        Assert.Equal((1, 2), (trace.Requests.Count, trace.Skipped));
    }

    [Fact]
    public void What_cannot_be_replayed_is_refused_by_name()
    {
        Refused("completion", ReplayTraffic.Request("a", [7], []));
        Refused("request 2", ReplayTraffic.Request("a", [7], [1]), ReplayTraffic.Request("a", [7], [1]) with { Completion = TraceText.Of("text") });
        Refused("request 1", ReplayTraffic.Request("a", [7], [1]) with { Prompt = TraceText.Of("text") });
        Refused("16777216", ReplayTraffic.Request("a", [7], [1 << 24]));
    }

    [Fact]
    public void Words_and_bytes_give_the_text_back_in_order()
    {
        const string Text = "one two, one two;\n  naïve_x = one";
        var words = new WordTokens();
        int[] ids = words.Encode(Text);
        Assert.Equal(ids, words.Encode(Text));
        Assert.Equal(ids.Distinct().Count(), words.VocabularySize);
        // "one", " two", ",", " one", " two", ";", line feed, blank, " naïve_x", " ", "=", " one"
        Assert.Equal([0, 1, 2, 3, 1, 4, 5, 6, 7, 6, 8, 3], ids);
        Assert.Equal(Text, System.Text.Encoding.UTF8.GetString([.. new ByteTokens().Encode(Text).Select(t => (byte)t)]));
    }

    private static void Refused(string mention, params TraceRequest[] requests)
    {
        var fault = Assert.Throws<TraceException>(() => ReplayTraffic.Trace(requests));
        Assert.StartsWith("t.jsonl: ", fault.Message);
        Assert.Contains(mention, fault.Message);
        Assert.Contains("expected", fault.Message);
    }
}
