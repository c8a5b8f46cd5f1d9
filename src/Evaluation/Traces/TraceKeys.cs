using Atlas.Core.Decoding;

namespace Atlas.Evaluation.Traces;

/// <summary>The keys of the trace format, shared by reader and writer.</summary>
internal static class TraceKeys
{
    public const string Arrival = "arrival_s";
    public const string Namespace = "namespace";
    public const string Domain = "domain";
    public const string Class = "class";
    public const string Prompt = "prompt";
    public const string Completion = "completion";
    public const string TokensSuffix = "_tokens";
    public const string Sampling = "sampling";
    public const string Temperature = "temperature";
    public const string TopK = "top_k";
    public const string TopP = "top_p";
    public const string MinP = "min_p";
    public const string RepetitionPenalty = "repetition_penalty";
    public const string PresencePenalty = "presence_penalty";
    public const string FrequencyPenalty = "frequency_penalty";
    public const string LogitBias = "logit_bias";
    public const string Seed = "seed";
    public const string MaxTokens = "max_tokens";
}
