using System.Diagnostics;
using Atlas.Core.Decoding;
using Atlas.Core.Sampling;
using Atlas.Protocol.Messages;
using Atlas.Protocol.Serving;

namespace Atlas.Host.Service.Generation;

/// <summary>One <c>generate</c>, read and checked: what its completions have in common, and its answer as it comes together. Used from the
/// decoding thread once it was submitted; <see cref="Answer"/> from any.</summary>
internal sealed class GenerationRequest
{
    private readonly TaskCompletionSource<GenerateResult> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The prompt, at least one token.</summary>
    public required int[] Prompt { get; init; }

    /// <summary>How the first completion's tokens are drawn; the others have seeds of their own.</summary>
    public required SamplingOptions Sampling { get; init; }

    /// <summary>Most tokens of a completion.</summary>
    public required int MaxTokens { get; init; }

    /// <summary>Tokens that end a completion.</summary>
    public required IReadOnlyList<int> EndTokens { get; init; }

    /// <summary>Texts that end a completion.</summary>
    public required IReadOnlyList<string> StopStrings { get; init; }

    /// <summary>Whose traffic it is.</summary>
    public required string Namespace { get; init; }

    /// <summary>What it asks of the service.</summary>
    public required RequestClass Class { get; init; }

    /// <summary>The one speculator that may draft for it, <c>none</c>, or null where the controller chooses among all.</summary>
    public required string? Speculator { get; init; }

    /// <summary>Alternatives per token; 0 for the token's own log-probability only, -1 for none.</summary>
    public required int Logprobs { get; init; }

    /// <summary>Where pieces go; null where it does not stream.</summary>
    public required ITokenStream? Stream { get; init; }

    /// <summary>The answer while it comes together, with a choice for every completion.</summary>
    public required GenerateResult Result { get; init; }

    /// <summary>When it was submitted, as <see cref="Stopwatch.GetTimestamp"/>.</summary>
    public long SubmittedAt { get; } = Stopwatch.GetTimestamp();

    /// <summary>Completions that have not ended.</summary>
    public int Left { get; set; }

    /// <summary>Whether it has been answered, or failed.</summary>
    public bool IsOver => _answer.Task.IsCompleted;

    /// <summary>The answer, or what it failed with.</summary>
    public Task<GenerateResult> Answer => _answer.Task;

    /// <summary>Answers with <see cref="Result"/>.</summary>
    public void Complete() => _answer.TrySetResult(Result);

    /// <summary>Answers with an error; returns whether nothing was answered before.</summary>
    public bool Fail(Exception error) => _answer.TrySetException(error);
}
