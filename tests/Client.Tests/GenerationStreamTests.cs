using Atlas.Protocol.Messages;
using Atlas.Protocol.Rpc;

namespace Atlas.Client.Tests;

public sealed class GenerationStreamTests
{
    [Theory]
    [InlineData(new[] { 0, 1, 2 }, 3, null)]
    [InlineData(new[] { 0, 2 }, 3, "a piece of completion 0 begins at 2; expected 1")]
    [InlineData(new[] { 0, 0 }, 2, "a piece of completion 0 begins at 0; expected 1")]
    [InlineData(new[] { 0, 1 }, 3, "completion 0 has 3 tokens, of which 2 came; expected all")]
    public async Task Lost_and_doubled_pieces_are_noticed(int[] offsets, int count, string? fault)
    {
        var result = new GenerateResult();
        GenerateChoice choice = result.Choices.Add();
        choice.TokenCount = count;
        var stream = new GenerationStream(
            1,
            continueInline: false,
            (me, _) =>
            {
                foreach (int offset in offsets)
                {
                    var piece = new TokensParams { Request = 1, Offset = offset };
                    piece.Tokens.Add(offset);
                    me.Add(piece);
                }
                return Task.FromResult(result);
            },
            _ => { });
        var tokens = new List<int>();
        async Task EnumerateAsync()
        {
            await foreach (GenerationPiece piece in stream) tokens.AddRange(piece.Tokens);
        }
        if (fault is null)
        {
            await EnumerateAsync();
            Assert.Equal(offsets, tokens);
            Assert.Same(result, stream.Result);
        }
        else
        {
            Assert.Equal(fault, (await Assert.ThrowsAsync<RpcProtocolException>(EnumerateAsync)).Message);
        }
    }
}
