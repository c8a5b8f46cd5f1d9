using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Atlas.Compute.Torch;

/// <summary>
/// A head's weights as its arithmetic takes them: norms f32 [hidden], matrices of one element type. Products have that type, all else is f32.
/// Every operation leaves its inputs as they are, so that a gradient can go back through it.
/// </summary>
/// <param name="StateNorm">Over the state.</param>
/// <param name="TokenNorm">Over the token's embedding.</param>
/// <param name="GateUp">[2 x intermediate, 2 x hidden].</param>
/// <param name="Down">[hidden, intermediate].</param>
/// <param name="ResultNorm">Of the next state.</param>
internal sealed record HeadMatrices(Tensor StateNorm, Tensor TokenNorm, Tensor GateUp, Tensor Down, Tensor ResultNorm) : IDisposable
{
    /// <summary>Advances states by one token each (EAGLE, arXiv 2401.15077, section 3).</summary>
    /// <param name="states">f32 [rows, hidden].</param>
    /// <param name="embeddings">Of the tokens, f32 [rows, hidden].</param>
    /// <param name="epsilon">Of the norms.</param>
    /// <returns>The next states, f32 [rows, hidden].</returns>
    public Tensor Advance(Tensor states, Tensor embeddings, float epsilon)
    {
        using var scope = torch.NewDisposeScope();
        var joined = torch.cat([Normalize(states, StateNorm, epsilon), Normalize(embeddings, TokenNorm, epsilon)], -1);
        var parts = Product(joined, GateUp).chunk(2, -1);
        var fed = Product(parts[0].silu().mul(parts[1]), Down);
        return Normalize(states.Plus(fed), ResultNorm, epsilon).MoveToOuterDisposeScope();
    }

    /// <summary>Copies that nobody learns, the matrices in another element type.</summary>
    public HeadMatrices CopyAs(torch.ScalarType type)
    {
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        Tensor Copy(Tensor tensor, torch.ScalarType to) => tensor.detach().to(to).clone().DetachFromDisposeScope();
        var f32 = torch.ScalarType.Float32;
        return new(Copy(StateNorm, f32), Copy(TokenNorm, f32), Copy(GateUp, type), Copy(Down, type), Copy(ResultNorm, f32));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        StateNorm.Dispose();
        TokenNorm.Dispose();
        GateUp.Dispose();
        Down.Dispose();
        ResultNorm.Dispose();
    }

    /// <summary>Rows, f32 [rows, inputs], times a matrix [outputs, inputs] of any element type: f32 [rows, outputs].</summary>
    public static Tensor Product(Tensor rows, Tensor matrix)
    {
        using var scope = torch.NewDisposeScope();
        return torch.nn.functional.linear(rows.to(matrix.dtype), matrix).to(torch.ScalarType.Float32).MoveToOuterDisposeScope();
    }

    private static Tensor Normalize(Tensor rows, Tensor gain, float epsilon)
    {
        using var scope = torch.NewDisposeScope();
        var scale = rows.square().mean([-1], keepdim: true).Plus(epsilon).rsqrt();
        return rows.mul(scale).mul(gain).MoveToOuterDisposeScope();
    }
}
