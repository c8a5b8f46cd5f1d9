using Atlas.Core.Decoding;
using Atlas.Evaluation.Traces;
using Atlas.Host.Service.Metrics;
using Atlas.Host.Service.Recording;
using Atlas.Target;

namespace Atlas.Host.Service.Generation;

/// <summary>
/// Hands on what a step emitted: as a piece to the client that streams, or into the answer. Sending never waits: what a client does not read piles
/// up to the connection's limit and then ends the connection. Used from the decoding thread.
/// </summary>
internal sealed class CompletionWriter(TargetModel target, GenerationMeters meters, NamespaceFigures namespaces, TrafficRecorder? recorder)
{
    private readonly LogprobReader _logprobs = new(target);

    /// <summary>Writes the tokens that are new; the last of a request's completions that ends completes the answer.</summary>
    /// <exception cref="Protocol.Rpc.RpcClosedException">The client is gone or does not read.</exception>
    public void Write(Completion completion)
    {
        var (request, sequence) = (completion.Request, completion.Sequence);
        bool ended = sequence.Finish is not null;
        int emitted = sequence.Output.Length;
        if (request.IsOver || (emitted == completion.Taken && !ended)) return;
        if (emitted > completion.Taken) meters.Latencies.Emit(completion, emitted - completion.Taken);
        if (ended) completion.Text?.Finish();
        if (request.Stream is not null) Send(completion);
        else if (request.Logprobs >= 0) _logprobs.Read(completion, completion.Choice.Logprobs);
        completion.Taken = emitted;
        if (ended) Finish(completion);
    }

    private void Send(Completion completion)
    {
        var piece = completion.Request.Stream!.Piece;
        piece.Index = completion.Index;
        piece.Offset = completion.Taken;
        piece.Tokens.Add(completion.Sequence.Output[completion.Taken..]);
        if (completion.Text is { } text) piece.Text = new string(text.TakeReady());
        if (completion.Request.Logprobs >= 0) _logprobs.Read(completion, piece.Logprobs);
        completion.Request.Stream.Send();
    }

    private void Finish(Completion completion)
    {
        var (request, sequence, choice) = (completion.Request, completion.Sequence, completion.Choice);
        choice.FinishReason = sequence.Finish switch
        {
            FinishReason.EndToken => "end_token",
            FinishReason.StopString => "stop_string",
            _ => "length",
        };
        choice.TokenCount = sequence.Output.Length;
        if (request.Stream is null)
        {
            choice.Tokens.Set(sequence.Output);
            if (completion.Text is { } text) choice.Text = new string(text.Text);
        }
        var (result, counts) = (request.Result, sequence.Statistics);
        result.CompletionTokens += sequence.Output.Length;
        result.TargetForwards += (int)counts.Forwards;
        result.DraftedTokens += (int)counts.Drafted;
        result.AcceptedTokens += (int)counts.Accepted;
        meters.End(counts);
        meters.Latencies.End(completion);
        var own = namespaces.Of(request.Namespace);
        own.End();
        own.Draft(counts.Forwards, counts.Drafted);
        own.Emit(sequence.Output.Length, counts.Accepted);
        recorder?.Record(Recorded(recorder, completion));
        if (--request.Left > 0) return;
        meters.Answered();
        meters.Latencies.Answer(request);
        request.Complete();
    }

    private static TraceRequest Recorded(TrafficRecorder recorder, Completion completion)
    {
        var (request, sequence) = (completion.Request, completion.Sequence);
        return new TraceRequest
        {
            ArrivalSeconds = recorder.SecondsAt(request.SubmittedAt),
            Namespace = request.Namespace,
            Class = request.Class,
            Prompt = TraceText.Of(request.Prompt),
            Completion = TraceText.Of(sequence.Output),
            Sampling = new TraceSampling(sequence.Sampling.Options, request.MaxTokens),
        };
    }
}
