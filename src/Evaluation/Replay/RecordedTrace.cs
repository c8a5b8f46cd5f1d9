using Atlas.Evaluation.Traces;
using Atlas.Modeling.Training;

namespace Atlas.Evaluation.Replay;

/// <summary>A trace whose completions are taken for what the target said, in token ids, ready to be replayed. Four bytes a token.</summary>
public sealed class RecordedTrace
{
    private RecordedTrace(IReadOnlyList<ReplayRequest> requests, int vocabularySize, string tokenKind, int skipped)
    {
        Requests = requests;
        Tokens = requests.Sum(r => (long)r.Output.Length);
        Outline = new ReplayOutline([.. requests.Select(r => new RequestLabel(r.Namespace, r.Domain ?? r.Namespace))], tokenKind, vocabularySize, skipped);
    }

    /// <summary>The requests that have a completion, in the trace's order; at least one.</summary>
    public IReadOnlyList<ReplayRequest> Requests { get; }

    /// <summary>Tokens of all completions.</summary>
    public long Tokens { get; }

    /// <summary>
    /// What reports say of it. Skipped are requests that the trace has no completion for, or an empty one.
    /// </summary>
    public ReplayOutline Outline { get; }

    /// <summary>All token ids are below this.</summary>
    public int VocabularySize => Outline.VocabularySize;

    /// <summary>What a token is.</summary>
    public string TokenKind => Outline.TokenKind;

    /// <summary>Requests left out.</summary>
    public int Skipped => Outline.Skipped;

    /// <summary>Reads a trace to its end.</summary>
    /// <param name="requests">As read from a file, or generated.</param>
    /// <param name="name">What errors call the trace.</param>
    /// <param name="tokens">Turns text into ids; not used for traces that hold ids.</param>
    /// <exception cref="TraceException">
    /// No request has a completion, some hold text and others token ids, or an id is beyond what token speculators know.
    /// </exception>
    public static RecordedTrace Read(IEnumerable<TraceRequest> requests, string name, ITraceTokens tokens)
    {
        var read = new List<ReplayRequest>();
        int number = 0, skipped = 0, highest = -1;
        bool? text = null;
        foreach (var request in requests)
        {
            number++;
            if (request.Completion is not { IsEmpty: false } completion)
            {
                skipped++;
                continue;
            }
            text ??= completion.Text is not null;
            int[] prompt = Ids(request.Prompt), output = Ids(completion);
            // A tokenizer may make nothing of some text.
            if (prompt.Length == 0 || output.Length == 0)
            {
                skipped++;
                continue;
            }
            highest = Math.Max(highest, Math.Max(prompt.Max(), output.Max()));
            if (highest >= TokenHeadConfig.MostTokens)
                throw new TraceException($"{name}: request {number} has token id {highest}; expected ids below {TokenHeadConfig.MostTokens}");
            read.Add(new ReplayRequest(request.Namespace, request.Class, request.ArrivalSeconds, prompt, output) { Domain = request.Domain });
        }
        if (read.Count == 0)
            throw new TraceException($"{name}: none of its {number} requests has a completion; expected completion or completion_tokens to replay");
        return new RecordedTrace(
            read, text!.Value ? Math.Max(tokens.VocabularySize, highest + 1) : highest + 1, text.Value ? tokens.Name : "token ids of the trace", skipped);

        int[] Ids(TraceText part) => (part.Text is not null) == text!.Value
            ? part.Text is { } words ? tokens.Encode(words) : [.. part.Tokens!]
            : throw new TraceException($"{name}: request {number} mixes text and token ids with what stands before it; expected one of the two throughout");
    }
}
