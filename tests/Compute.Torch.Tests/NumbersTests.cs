using System.Text.RegularExpressions;

namespace Atlas.Compute.Torch.Tests;

/// <summary>
/// No number is handed to TorchSharp as it is: its native scalar may be collected under the operation (see <c>TensorArithmetic</c>). What
/// adds is named too, since TorchSharp makes a scalar of its own there.
/// </summary>
public sealed partial class NumbersTests
{
    [Fact]
    public void Arithmetic_with_numbers_goes_through_one_place()
    {
        string[] files = Directory.GetFiles(Path.Combine(Sources(), "src", "Compute.Torch"), "*.cs");
        Assert.Contains(files, file => Path.GetFileName(file) == "TensorArithmetic.cs");
        var found = from file in files
                    where Path.GetFileName(file) is not ("TensorArithmetic.cs" or "DecoderScript.cs")
                    from line in File.ReadLines(file)
                    where Direct().IsMatch(line)
                    select $"{Path.GetFileName(file)}: {line.Trim()}";
        Assert.Empty(found);
    }

    [Theory]
    [InlineData("x.add(y)")]
    [InlineData("x.mul_(0.5f)")]
    [InlineData("x.masked_fill(mask, float.NegativeInfinity)")]
    [InlineData("torch.arange(64, type)")]
    public void The_search_finds_them(string line) => Assert.Matches(Direct(), line);

    [Theory]
    [InlineData("x.mul_(y).div_(z).sub(w)")]
    [InlineData("x.Plus(y).Times(0.5f)")]
    [InlineData("upload.Add(tokens)")]
    public void What_keeps_its_scalars_is_not_found(string line) => Assert.DoesNotMatch(Direct(), line);

    private static string Sources()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
            if (Directory.Exists(Path.Combine(directory.FullName, "src", "Compute.Torch")))
                return directory.FullName;
        throw new DirectoryNotFoundException($"src/Compute.Torch above {AppContext.BaseDirectory}");
    }

    [GeneratedRegex(@"\.(add_?|rsub|clamp\w*|masked_fill_?|fill_|pow_?|full|lerp_?|addcmul_?|addcdiv_?)\(|torch\.(arange|linspace|full)\(|\.(mul_?|div_?|sub_?|lt|le|gt|ge|eq|ne)\((?:-?[0-9]|-?Math\.|float\.|double\.|_step)")]
    private static partial Regex Direct();
}
