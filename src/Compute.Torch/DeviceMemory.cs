using System.Globalization;
using System.Runtime.InteropServices;
using Atlas.Modeling.Engine;
using TorchSharp;

namespace Atlas.Compute.Torch;

/// <summary>What is free on a device, and the one error for asking too much: it names both.</summary>
internal static partial class DeviceMemory
{
    private static readonly string[] Refusals = ["out of memory", "can't allocate memory", "not enough memory"];

    /// <summary>Bytes free now; null where the driver does not say. Memory that libtorch holds in its own pool counts as taken.</summary>
    public static long? Free(torch.Device device)
    {
        if (device.type != DeviceType.CUDA) return HostMemory.ReadFree();
        try
        {
            // The driver answers for the context of this thread's device, which libtorch has made current by using it.
            using var touch = torch.zeros([1], torch.ScalarType.Float32, device);
            return QueryDriver(out nuint free, out _) == 0 ? (long)free : null;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Throws where an allocation cannot succeed.</summary>
    /// <param name="what">What it is for.</param>
    /// <param name="bytes">What it takes.</param>
    /// <param name="device">Where.</param>
    /// <exception cref="InsufficientMemoryException">Less is free; the message names asked and free.</exception>
    public static void Require(string what, long bytes, torch.Device device)
    {
        if (Free(device) is { } free && bytes > free) throw Error(what, bytes, free);
    }

    /// <summary>Runs something that allocates; libtorch's own refusal becomes the error that names what was asked and what is free.</summary>
    /// <param name="what">What the memory is for.</param>
    /// <param name="bytes">What it takes at least.</param>
    /// <param name="device">Where.</param>
    /// <param name="run">What allocates.</param>
    /// <exception cref="InsufficientMemoryException">The device had too little.</exception>
    public static T Guard<T>(string what, long bytes, torch.Device device, Func<T> run)
    {
        try
        {
            return run();
        }
        catch (ExternalException e) when (Refusals.Any(part => e.Message.Contains(part, StringComparison.OrdinalIgnoreCase)))
        {
            throw Error(what, bytes, Free(device), e);
        }
    }

    private static InsufficientMemoryException Error(string what, long asked, long? free, Exception? inner = null) =>
        new(string.Create(
            CultureInfo.InvariantCulture,
            $"{what} takes at least {asked / 1e6:F1} MB on the device; {(free is { } f ? string.Create(CultureInfo.InvariantCulture, $"{f / 1e6:F1} MB") : "less")} is free"),
            inner);

    [LibraryImport("libcuda.so.1", EntryPoint = "cuMemGetInfo_v2")]
    private static partial int QueryDriver(out nuint free, out nuint total);
}
