using Atlas.Protocol.Messages;
using Atlas.Protocol.Rpc;

namespace Atlas.Host.Service.Sidecar;

/// <summary>What must hold of tokens and states whatever the session: otherwise the call fails, and nothing of it is committed. Thread-safe.</summary>
/// <param name="settings">What is drafted for.</param>
internal sealed class UpdateCheck(SidecarSettings settings)
{
    /// <summary>Checks a commit before anything of its call is committed.</summary>
    /// <param name="update">The commit.</param>
    /// <param name="array">The array that it stands in; empty where it is the parameters themselves.</param>
    /// <param name="index">Its place in the array, -1 for none.</param>
    /// <exception cref="RpcException">Something is wrong; the error names it.</exception>
    public void Check(SequenceUpdate update, string array, int index)
    {
        CheckTokens(update.Tokens.Span, index < 0 ? "tokens" : array, index);
        if (settings.HiddenSize == 0 || update.Hidden.Count == 0) return;
        long expected = (long)update.Tokens.Count * settings.HiddenSize * update.HiddenNumberBytes;
        if (update.Hidden.Count != expected)
            throw RpcException.Invalid(
                index < 0 ? "hidden" : $"{array}[{index}].hidden",
                $"holds {update.Hidden.Count} bytes; expected {expected}, {settings.HiddenSize} numbers of {update.HiddenNumberBytes} bytes for each of {update.Tokens.Count} tokens");
    }

    /// <summary>Checks that tokens are of the vocabulary.</summary>
    /// <param name="tokens">The tokens.</param>
    /// <param name="parameter">What they are called, or the array in which they stand.</param>
    /// <param name="index">Their place in the array, -1 for none.</param>
    /// <exception cref="RpcException">One is not; the error names it.</exception>
    public void CheckTokens(ReadOnlySpan<int> tokens, string parameter, int index = -1)
    {
        foreach (int token in tokens)
            if (token >= settings.VocabularySize)
                throw RpcException.Invalid(
                    index < 0 ? parameter : $"{parameter}[{index}].tokens", $"holds {token}; expected ids below {settings.VocabularySize}");
    }
}
