using Atlas.Core.Decoding;
using Atlas.Core.Sampling;
using Atlas.Evaluation.Replay;
using Atlas.Evaluation.Traces;

namespace Atlas.Evaluation.Tests.Replay;

public sealed class LiveTraceTests
{
    [Fact]
    public void A_request_keeps_what_the_trace_says_of_it()
    {
        var sampling = new SamplingOptions { Temperature = 0.5f, Seed = 9 };
        var trace = Read(new TraceRequest
        {
            ArrivalSeconds = 4,
            Namespace = "tenant",
            Domain = "sql",
            Class = RequestClass.Throughput,
            Prompt = TraceText.Of([5, 6]),
            Sampling = new TraceSampling(sampling, 7),
        });
        var (request, arrival) = (trace.Requests[0].Request, trace.Requests[0].ArrivalSeconds);
        Assert.Equal(("tenant", "sql", RequestClass.Throughput, 7, 4.0), (request.Namespace, request.Domain, request.Class, request.MaxTokens, arrival));
        Assert.Equal([5, 6], request.Prompt);
        Assert.Same(sampling, request.Sampling);
        Assert.Equal(new RequestLabel("tenant", "sql"), trace.Outline.Requests[0]);
    }

    [Fact]
    public void What_the_trace_leaves_open_is_greedy_and_bounded_by_the_options()
    {
        var trace = Read(Request([5, 6]));
        Assert.True(trace.Requests[0].Request.Sampling.IsGreedy);
        Assert.Equal(LiveTraffic.Model.MaxTokens, trace.Requests[0].Request.MaxTokens);
        Assert.Equal("default", trace.Requests[0].Request.Domain);
    }

    [Fact]
    public void A_prompt_too_long_for_the_context_keeps_its_end()
    {
        int room = LiveTraffic.Model.ContextLength - LiveTraffic.Model.MaxTokens;
        int[] prompt = [.. Enumerable.Range(0, 100)];
        var trace = Read(Request([.. prompt[..room]]), Request(prompt));
        Assert.Equal(prompt[..room], trace.Requests[0].Request.Prompt);
        Assert.Equal(prompt[^room..], trace.Requests[1].Request.Prompt);
        Assert.Equal(1, trace.Outline.Shortened);
    }

    [Fact]
    public void What_cannot_be_answered_is_refused_by_name()
    {
        Refused("no requests");
        Refused("request 2: token id 200; expected 0 to 199", Request([1]), Request([200]));
        Refused("request 1: the prompt is text, and model has no tokenizer.json", Request([1]) with { Prompt = TraceText.Of("text") });
        Refused("logit bias names token 300", Request([1]) with { Sampling = new TraceSampling(new SamplingOptions { LogitBias = new Dictionary<int, float> { [300] = 1 } }) });
    }

    private static void Refused(string mention, params TraceRequest[] requests)
    {
        var fault = Assert.Throws<TraceException>(() => Read(requests));
        Assert.StartsWith("t.jsonl: ", fault.Message);
        Assert.Contains(mention, fault.Message);
        Assert.Contains("expected", fault.Message);
    }

    private static LiveTrace Read(params TraceRequest[] requests) => LiveTrace.Read(requests, "t.jsonl", LiveTraffic.Model);

    private static TraceRequest Request(int[] prompt) => new() { ArrivalSeconds = 0, Prompt = TraceText.Of(prompt) };
}
