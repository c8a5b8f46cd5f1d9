using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Atlas.Compute.Torch;

/// <summary>
/// Arithmetic of tensors with numbers. TorchSharp makes a native scalar of every number and hands on its address alone: a garbage collection
/// in that moment frees the scalar under the operation, which then computes with what lies there, or fails. That happens within TorchSharp
/// too, which adds tensors with a factor of 1. These keep the scalars alive until the operation has returned; a test sees that nothing else in
/// this engine passes numbers.
/// </summary>
internal static class TensorArithmetic
{
    private static readonly Scalar One = 1;

    /// <summary>a + b.</summary>
    public static Tensor Plus(this Tensor a, Tensor b) => a.add(b, One);

    /// <inheritdoc cref="Plus(Tensor, Tensor)"/>
    public static Tensor Plus(this Tensor a, float b)
    {
        using Scalar scalar = b;
        return a.add(scalar, One);
    }

    /// <summary>a += b.</summary>
    public static Tensor PlusInPlace(this Tensor a, Tensor b) => a.add_(b, One);

    /// <inheritdoc cref="PlusInPlace(Tensor, Tensor)"/>
    public static Tensor PlusInPlace(this Tensor a, float b)
    {
        using Scalar scalar = b;
        return a.add_(scalar, One);
    }

    /// <summary>a - b.</summary>
    public static Tensor Minus(this Tensor a, float b)
    {
        using Scalar scalar = b;
        return a.sub(scalar);
    }

    /// <inheritdoc cref="Minus(Tensor, float)"/>
    public static Tensor Minus(this Tensor a, long b)
    {
        using Scalar scalar = b;
        return a.sub(scalar);
    }

    /// <summary>a b.</summary>
    public static Tensor Times(this Tensor a, float b)
    {
        using Scalar scalar = b;
        return a.mul(scalar);
    }

    /// <inheritdoc cref="Times(Tensor, float)"/>
    public static Tensor Times(this Tensor a, double b)
    {
        using Scalar scalar = b;
        return a.mul(scalar);
    }

    /// <summary>a *= b.</summary>
    public static Tensor TimesInPlace(this Tensor a, float b)
    {
        using Scalar scalar = b;
        return a.mul_(scalar);
    }

    /// <inheritdoc cref="TimesInPlace(Tensor, float)"/>
    public static Tensor TimesInPlace(this Tensor a, double b)
    {
        using Scalar scalar = b;
        return a.mul_(scalar);
    }

    /// <inheritdoc cref="TimesInPlace(Tensor, float)"/>
    public static Tensor TimesInPlace(this Tensor a, long b)
    {
        using Scalar scalar = b;
        return a.mul_(scalar);
    }

    /// <summary>a / b.</summary>
    public static Tensor Over(this Tensor a, float b)
    {
        using Scalar scalar = b;
        return a.div(scalar);
    }

    /// <summary>a &lt; b, bool.</summary>
    public static Tensor IsBelow(this Tensor a, float b)
    {
        using Scalar scalar = b;
        return a.lt(scalar);
    }

    /// <inheritdoc cref="IsBelow(Tensor, float)"/>
    public static Tensor IsBelow(this Tensor a, long b)
    {
        using Scalar scalar = b;
        return a.lt(scalar);
    }

    /// <summary>a > b, bool.</summary>
    public static Tensor IsAbove(this Tensor a, float b)
    {
        using Scalar scalar = b;
        return a.gt(scalar);
    }

    /// <summary>a = b, bool.</summary>
    public static Tensor IsEqualTo(this Tensor a, float b)
    {
        using Scalar scalar = b;
        return a.eq(scalar);
    }

    /// <summary>The greater of a and b, in place.</summary>
    public static Tensor AtLeastInPlace(this Tensor a, float b)
    {
        using Scalar scalar = b;
        return a.clamp_min_(scalar);
    }

    /// <summary>a, but not less than one number and not more than another.</summary>
    public static Tensor Within(this Tensor a, long least, long most)
    {
        using Scalar low = least, high = most;
        return a.clamp(low, high);
    }

    /// <summary>The lesser of a and b.</summary>
    public static Tensor AtMost(this Tensor a, long b)
    {
        using Scalar scalar = b;
        return a.clamp_max(scalar);
    }

    /// <summary>a with b where a mask says so.</summary>
    public static Tensor With(this Tensor a, Tensor mask, float b)
    {
        using Scalar scalar = b;
        return a.masked_fill(mask, scalar);
    }

    /// <summary>b where a mask says so, in place.</summary>
    public static Tensor WithInPlace(this Tensor a, Tensor mask, float b)
    {
        using Scalar scalar = b;
        return a.masked_fill_(mask, scalar);
    }

    /// <summary>b everywhere, in place.</summary>
    public static Tensor AllInPlace(this Tensor a, float b)
    {
        using Scalar scalar = b;
        return a.fill_(scalar);
    }

    /// <summary>0, 1, 2 and so on.</summary>
    /// <param name="count">How many.</param>
    /// <param name="type">Element type.</param>
    /// <param name="device">Where.</param>
    public static Tensor Count(long count, torch.ScalarType type, torch.Device device)
    {
        using Scalar first = 0, end = count, step = 1;
        return torch.arange(first, end, step, type, device);
    }
}
