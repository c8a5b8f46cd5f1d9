using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Atlas.Modeling;

namespace Atlas.Compute.Cpu.Kernels;

/// <summary>The kernels of one instruction set. All instruction sets give the same bits.</summary>
internal abstract unsafe class CpuKernels
{
    /// <summary>The instruction set, for people.</summary>
    public abstract string Name { get; }

    /// <summary>The fastest kernels that this machine runs.</summary>
    public static CpuKernels Best { get; } = Available().First();

    /// <summary>Every kernel set that this machine runs, the fastest first.</summary>
    public static IEnumerable<CpuKernels> Available()
    {
        if (Vector512.IsHardwareAccelerated && Avx512BW.IsSupported) yield return new CpuKernels<Lanes512, IntegerLanes512>("AVX-512");
        if (Vector256.IsHardwareAccelerated && Avx2.IsSupported && Fma.IsSupported) yield return new CpuKernels<Lanes256, IntegerLanes256>("AVX2");
        if (Vector128.IsHardwareAccelerated)
            yield return new CpuKernels<Lanes128, IntegerLanes128>(Fma.IsSupported || !Sse.IsSupported ? "128-bit" : "SSE");
        yield return new CpuKernels<LanesScalar, IntegerLanesScalar>("scalar");
    }

    /// <summary>Bytes of a panel of sixteen outputs over <paramref name="inputs"/> inputs.</summary>
    public static long PanelBytes(WeightFormat format, int inputs) => format switch
    {
        WeightFormat.F32 => F32Panels.PanelBytes(inputs),
        WeightFormat.BF16 => Bf16Panels.PanelBytes(inputs),
        WeightFormat.Int8 => Int8Panels.PanelBytes(inputs),
        _ => throw Unsupported(format),
    };

    /// <summary>Writes a panel from sixteen rows of f32 weights.</summary>
    public static void Pack(WeightFormat format, float* rows, int inputs, byte* panel)
    {
        switch (format)
        {
            case WeightFormat.F32: F32Panels.Pack(rows, inputs, panel); break;
            case WeightFormat.BF16: Bf16Panels.Pack(rows, inputs, panel); break;
            case WeightFormat.Int8: Int8Panels.Pack(rows, inputs, panel); break;
            default: throw Unsupported(format);
        }
    }

    /// <summary>Widens one output's weights to f32.</summary>
    public static void Unpack(WeightFormat format, byte* panel, int inputs, int output, float* destination)
    {
        switch (format)
        {
            case WeightFormat.F32: F32Panels.Unpack(panel, inputs, output, destination); break;
            case WeightFormat.BF16: Bf16Panels.Unpack(panel, inputs, output, destination); break;
            case WeightFormat.Int8: Int8Panels.Unpack(panel, inputs, output, destination); break;
            default: throw Unsupported(format);
        }
    }

    /// <summary>The refusal of a format without kernels; names are those of the command line.</summary>
    public static NotSupportedException Unsupported(WeightFormat format) =>
        new($"the cpu engine has no kernels for {format.ToString().ToLowerInvariant()} weights; expected f32, bf16 or int8");

    /// <summary>y += x W' for some panels; <see cref="WeightFormat.Int8"/> reads the quantized rows.</summary>
    public abstract void MultiplyAdd(WeightFormat format, in LinearOperands operands, int firstPanel, int lastPanel);

    /// <summary>Attention over a cache in <see cref="WeightFormat.F32"/> or <see cref="WeightFormat.BF16"/>.</summary>
    public abstract void Attend(WeightFormat cacheFormat, in AttentionOperands operands);

    /// <summary>Quantizes an input row for 8-bit weights, whole groups of 64.</summary>
    public abstract void Quantize(float* x, int count, short* values, float* scales);

    /// <summary>RMSNorm of a row.</summary>
    public abstract void RmsNorm(float* x, float* weight, int count, float epsilon, float* y);

    /// <summary>y += x, in panels of sixteen.</summary>
    public abstract void Add(float* y, float* x, int panels);

    /// <summary>SwiGLU over alternating gate and up panels.</summary>
    public abstract void SwiGlu(float* gateUp, int panels, float* y);

    /// <summary>Rotary position of a head, in place.</summary>
    public abstract void Rotate(float* head, float* cosines, float* sines, int half);
}
