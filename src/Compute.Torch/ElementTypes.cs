using Atlas.Modeling;
using TorchSharp;

namespace Atlas.Compute.Torch;

/// <summary>Which weight formats a device has products for, and their element types in libtorch.</summary>
internal static class ElementTypes
{
    /// <summary>The element type of a format.</summary>
    /// <exception cref="NotSupportedException">The device has no products for it; one line says which it has.</exception>
    public static torch.ScalarType Of(WeightFormat format, torch.Device device) => format switch
    {
        WeightFormat.F32 => torch.ScalarType.Float32,
        WeightFormat.BF16 => torch.ScalarType.BFloat16,
        WeightFormat.F16 when HasHalfProducts(device) => torch.ScalarType.Float16,
        WeightFormat.F16 => throw new NotSupportedException("this libtorch has no f16 products on CPUs; expected f32 or bf16"),
        _ => throw new NotSupportedException($"the torch engine keeps no {format} weights; expected f32, bf16 or f16"),
    };

    /// <summary>Bytes of an element.</summary>
    public static int ElementSize(this torch.ScalarType type) => type == torch.ScalarType.Float32 ? sizeof(float) : 2;

    // CPUs: libtorch has them from 2.x on; an older one answers the smallest product with an error that TorchSharp hands on.
    private static bool HasHalfProducts(torch.Device device)
    {
        if (device.type == DeviceType.CUDA) return true;
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var ones = torch.ones([2, 2], torch.ScalarType.Float16, device);
        try
        {
            var product = torch.nn.functional.linear(ones, ones).to(torch.ScalarType.Float32).sum();
            return product.item<float>() == 8f;
        }
        catch (System.Runtime.InteropServices.ExternalException)
        {
            return false;
        }
    }
}
