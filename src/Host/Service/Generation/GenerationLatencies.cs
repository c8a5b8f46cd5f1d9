using System.Diagnostics;
using Atlas.Host.Service.Metrics;

namespace Atlas.Host.Service.Generation;

/// <summary>How long requests wait for what, as monitors of vLLM know it. Written by the decoding thread, read from any.</summary>
internal sealed class GenerationLatencies
{
    private readonly LatencyHistogram _queue = LatencyHistogram.OfRequests();
    private readonly LatencyHistogram _firstToken = LatencyHistogram.OfRequests();
    private readonly LatencyHistogram _betweenTokens = LatencyHistogram.OfTokens();
    private readonly LatencyHistogram _perToken = LatencyHistogram.OfTokens();
    private readonly LatencyHistogram _request = LatencyHistogram.OfRequests();

    /// <summary>A completion has left the queue.</summary>
    public void Begin(Completion completion) => _queue.Record(completion.Request.SubmittedAt, Stopwatch.GetTimestamp());

    /// <summary>A step has emitted tokens of a completion, which is told when; call it before they are taken.</summary>
    /// <param name="completion">The completion.</param>
    /// <param name="tokens">How many, at least one.</param>
    public void Emit(Completion completion, int tokens)
    {
        long now = Stopwatch.GetTimestamp();
        if (completion.Taken == 0)
        {
            completion.FirstAt = now;
            _firstToken.Record(completion.Request.SubmittedAt, now);
        }
        // The tokens of one step come at once; each is given its part of the time.
        else _betweenTokens.Record(completion.LastAt, now, tokens);
        completion.LastAt = now;
    }

    /// <summary>A completion has come to its end.</summary>
    public void End(Completion completion)
    {
        // Those of the step that emitted the first took no time of their own.
        int following = completion.Sequence.Output.Length - 1;
        if (following > 0) _perToken.Record((completion.LastAt - completion.FirstAt) / ((double)Stopwatch.Frequency * following));
    }

    /// <summary>A request is being answered.</summary>
    public void Answer(GenerationRequest request) => _request.Record(request.SubmittedAt, Stopwatch.GetTimestamp());

    /// <summary>Adds them.</summary>
    public void AddTo(MetricSet metrics)
    {
        metrics.Histogram("request_queue_time_seconds", "Time from submission to the batch, of each completion.", _queue);
        metrics.Histogram("time_to_first_token_seconds", "Time from submission to the first token, of each completion.", _firstToken);
        metrics.Histogram("inter_token_latency_seconds", "Time from a token to the next; tokens of one step have equal parts of it.", _betweenTokens);
        metrics.Histogram("request_time_per_output_token_seconds", "Mean time per token behind the first, of each completion.", _perToken);
        metrics.Histogram("e2e_request_latency_seconds", "Time from submission to the answer, of each request that was answered.", _request);
    }
}
