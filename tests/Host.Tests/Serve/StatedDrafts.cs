using Atlas.Client;
using Atlas.Protocol.Messages;

namespace Atlas.Host.Tests.Serve;

/// <summary>Draft calls of a server that sends hidden states with what it commits.</summary>
internal static class StatedDrafts
{
    /// <summary>A call for one sequence, as of a server whose forwards take 20 ms.</summary>
    public static async Task<SequenceDraft> DraftAsync(AtlasClient client, SequenceUpdate update)
    {
        var parameters = new DraftParams { VerifyUs = 20_000 };
        Copy(update, parameters.Sequences.Add());
        var result = new DraftResult();
        await client.DraftAsync(parameters, result);
        return result.Sequences[0];
    }

    /// <summary>Makes one sequence's part of a call equal to another.</summary>
    public static void Copy(SequenceUpdate from, SequenceUpdate to)
    {
        (to.Session, to.Base, to.Budget, to.HiddenType) = (from.Session, from.Base, from.Budget, from.HiddenType);
        to.Tokens.Set(from.Tokens.Span);
        to.Hidden.Set(from.Hidden.Span);
    }
}
