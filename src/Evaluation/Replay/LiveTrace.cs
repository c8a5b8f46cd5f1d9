using Atlas.Core.Sampling;
using Atlas.Evaluation.Comparison;
using Atlas.Evaluation.Traces;

namespace Atlas.Evaluation.Replay;

/// <summary>A trace whose prompts a target is to answer anew; completions in it are not looked at.</summary>
public sealed class LiveTrace
{
    private LiveTrace(IReadOnlyList<LiveRequest> requests, string tokenKind, int vocabularySize, int shortened)
    {
        Requests = requests;
        Outline = new ReplayOutline([.. requests.Select(r => new RequestLabel(r.Request.Namespace, r.Request.Domain))], tokenKind, vocabularySize, 0, shortened);
    }

    /// <summary>The requests, in the trace's order; at least one.</summary>
    public IReadOnlyList<LiveRequest> Requests { get; }

    /// <summary>What reports say of it. Shortened are prompts too long for the context, of which the end was kept.</summary>
    public ReplayOutline Outline { get; }

    /// <summary>Reads a trace to its end.</summary>
    /// <param name="requests">As read from a file, or generated. Those that say nothing of sampling are answered greedily.</param>
    /// <param name="name">What errors call the trace.</param>
    /// <param name="options">The target.</param>
    /// <exception cref="TraceException">
    /// There is no request, a prompt is nothing in the target's tokens, or a token id is not of its vocabulary.
    /// </exception>
    public static LiveTrace Read(IEnumerable<TraceRequest> requests, string name, LiveTraceOptions options)
    {
        var read = new List<LiveRequest>();
        int shortened = 0;
        foreach (var request in requests)
        {
            string place = $"{name}: request {read.Count + 1}";
            int[] prompt = Prompt(request.Prompt, place, options);
            var sampling = request.Sampling?.Options ?? SamplingOptions.Greedy;
            if (sampling.Fault(options.VocabularySize) is { } fault) throw new TraceException($"{place}: {fault}");
            int most = Math.Min(Math.Min(request.Sampling?.MaxTokens ?? options.MaxTokens, options.MaxTokens), options.ContextLength - 1);
            if (prompt.Length > options.ContextLength - most)
            {
                prompt = prompt[^(options.ContextLength - most)..];
                shortened++;
            }
            read.Add(new LiveRequest(
                new EvaluationRequest(request.Domain ?? request.Namespace, prompt, sampling, most) { Namespace = request.Namespace, Class = request.Class },
                request.ArrivalSeconds));
        }
        if (read.Count == 0) throw new TraceException($"{name}: no requests; expected at least one");
        return new LiveTrace(read, $"tokens of {options.Model}", options.VocabularySize, shortened);
    }

    /// <summary>Its beginning: so many requests, or all where there are no more.</summary>
    public LiveTrace Take(int count) => new([.. Requests.Take(count)], Outline.TokenKind, Outline.VocabularySize, 0);

    private static int[] Prompt(TraceText prompt, string place, LiveTraceOptions options)
    {
        if (prompt.Text is { } text)
        {
            var tokenizer = options.Tokenizer
                ?? throw new TraceException($"{place}: the prompt is text, and {options.Model} has no tokenizer.json; expected prompt_tokens");
            int[] encoded = tokenizer.Encode(text, addSpecialTokens: true);
            return encoded.Length > 0 ? encoded : throw new TraceException($"{place}: the prompt has no tokens; expected at least one");
        }
        int[] ids = [.. prompt.Tokens!];
        int wrong = Array.FindIndex(ids, id => (uint)id >= (uint)options.VocabularySize);
        return wrong < 0 ? ids : throw new TraceException($"{place}: token id {ids[wrong]}; expected 0 to {options.VocabularySize - 1}, the vocabulary of {options.Model}");
    }
}
