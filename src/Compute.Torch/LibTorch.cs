using System.Diagnostics;
using System.Runtime.InteropServices;
using TorchSharp;

namespace Atlas.Compute.Torch;

/// <summary>
/// Loads the native libraries, once per process. An installed libtorch is loaded from its folder first: the dynamic loader then finds the
/// names that TorchSharp's own library asks for already there.
/// </summary>
internal static class LibTorch
{
    private static readonly Lock Gate = new();
    private static readonly string[] CpuLibraries = ["c10", "torch_cpu", "torch"];
    private static readonly string[] CudaLibraries = ["c10", "c10_cuda", "torch_cpu", "torch_cuda", "torch"];

    /// <summary>Makes a kind of device usable.</summary>
    /// <exception cref="NotSupportedException">The libraries or the device are not there; one line says which.</exception>
    public static void Load(DeviceType device, string? directory)
    {
        lock (Gate)
        {
            if (directory is not null) LoadFrom(directory, device == DeviceType.CUDA ? CudaLibraries : CpuLibraries);
            try
            {
                torch.InitializeDeviceType(device);
            }
            catch (Exception e) when (e is NotSupportedException or InvalidOperationException or DllNotFoundException)
            {
                string where = directory is null ? "the loader's search path" : directory;
                throw new NotSupportedException(
                    $"no {device} device through libtorch from {where}; expected one, and the libtorch that TorchSharp {Version} was built for",
                    e);
            }
        }
    }

    /// <summary>File of the libtorch that this process has loaded, links followed: with a system's libtorch its name ends in the version.</summary>
    public static string NativePath
    {
        get
        {
            using var process = Process.GetCurrentProcess();
            foreach (ProcessModule module in process.Modules)
                using (module)
                    if (Path.GetFileName(module.FileName).Contains("torch_cpu", StringComparison.Ordinal))
                        return module.FileName;
            return "libtorch of unknown place";
        }
    }

    /// <summary>TorchSharp's version, three numbers.</summary>
    public static string Version => typeof(torch).Assembly.GetName().Version?.ToString(3) ?? "unknown";

    private static void LoadFrom(string directory, string[] names)
    {
        if (!Directory.Exists(directory)) throw new NotSupportedException($"{directory} does not exist; expected a folder with libtorch in it");
        foreach (string name in names)
        {
            string path = Path.Combine(directory, FileName(name));
            if (!File.Exists(path)) throw new NotSupportedException($"{path} does not exist; expected libtorch's libraries there");
            if (!NativeLibrary.TryLoad(path, out _)) throw new NotSupportedException($"{path} could not be loaded by the dynamic loader");
        }
    }

    private static string FileName(string name) =>
        OperatingSystem.IsWindows() ? name + ".dll" : OperatingSystem.IsMacOS() ? $"lib{name}.dylib" : $"lib{name}.so";
}
