using Atlas.Core.Decoding;
using Atlas.Modeling.Tokenization;
using Atlas.Protocol.Messages;

namespace Atlas.Host.Service.Generation;

/// <summary>One of a request's completions, waiting or being decoded. Used from the decoding thread.</summary>
/// <param name="request">The request.</param>
/// <param name="index">Its number among the request's, from 0.</param>
/// <param name="tokenizer">Makes text of tokens; null where there is none.</param>
internal sealed class Completion(GenerationRequest request, int index, Tokenizer? tokenizer)
{
    private DecodeSequence? _sequence;

    /// <summary>The request.</summary>
    public GenerationRequest Request => request;

    /// <summary>Its number among the request's.</summary>
    public int Index => index;

    /// <summary>Its text; null where there is no tokenizer.</summary>
    public TextStream? Text { get; } = tokenizer is null ? null : new TextStream(tokenizer, request.StopStrings);

    /// <summary>The sequence, once it has begun.</summary>
    public DecodeSequence Sequence => _sequence ?? throw new InvalidOperationException("the completion has not begun");

    /// <summary>Tokens that were handed on already.</summary>
    public int Taken { get; set; }

    /// <summary>When its first tokens came, as <see cref="System.Diagnostics.Stopwatch.GetTimestamp"/>.</summary>
    public long FirstAt { get; set; }

    /// <summary>When its newest tokens came.</summary>
    public long LastAt { get; set; }

    /// <summary>Whether it waits for another sequence to have read the prefix that both share.</summary>
    public bool IsHeld { get; set; }

    /// <summary>Its part of the answer.</summary>
    public GenerateChoice Choice => request.Result.Choices[index];

    /// <summary>What serving it may take, in tokens.</summary>
    public int Cost => request.Prompt.Length + request.MaxTokens;

    /// <summary>Founds its sequence; memory for tokens and counts is taken only here.</summary>
    public void Begin(long id, int draftCapacity)
    {
        // Samples of one prompt have distinct seeds.
        var sampling = request.Sampling with { Seed = unchecked(request.Sampling.Seed + (ulong)index) };
        _sequence = new DecodeSequence(id, request.Prompt, sampling, new StopRules(request.MaxTokens, request.EndTokens, Text), draftCapacity)
        {
            Namespace = request.Namespace,
            Class = request.Class,
        };
    }
}
