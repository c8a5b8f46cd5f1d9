using System.Buffers.Binary;
using System.Text;
using Atlas.Modeling.Checkpoints;

namespace Atlas.Modeling.Tests.Checkpoints;

/// <summary>
/// Thousands of damaged checkpoints: each opens and reads every tensor within bounds, or is refused in one line that names a file in the
/// directory. Any other exception fails the test; a read out of bounds would end the process.
/// </summary>
public class DamageTests
{
    private static readonly string[] Fragments =
    [
        "null", "true", "-1", "0", "1", "1e400", "1e-400", "2147483647", "2147483648", "9223372036854775807", "18446744073709551616", "[]", "{}",
        "[[]]", "\"\"", "\"F32\"", "\"BF16\"", "\"\\ud800\"", "\"\\u0000\"", ",", ":", "[", "]", "{", "}", "\"", "\\", "NaN", " ", "\n", "0.5",
    ];

    [Theory]
    [InlineData("llama-bf16", "config.json", 1)]
    [InlineData("llama-rope-llama3", "config.json", 2)]
    [InlineData("qwen3-window", "config.json", 3)]
    [InlineData("llama-bf16", "model.safetensors", 4)]
    [InlineData("llama-f16", "model.safetensors", 5)]
    [InlineData("llama-sharded", "model.safetensors.index.json", 6)]
    [InlineData("llama-sharded", "model-00002-of-00003.safetensors", 7)]
    public void A_damaged_file_is_read_within_bounds_or_refused_in_one_line(string name, string file, int seed)
    {
        using var directory = new TemporaryDirectory();
        foreach (string source in Directory.GetFiles(Golden.Case(name))) File.Copy(source, directory.File(Path.GetFileName(source)));
        byte[] sound = File.ReadAllBytes(directory.File(file));
        var random = new Random(seed);
        int opened = 0, refused = 0;
        for (int i = 0; i < 800; i++)
        {
            File.WriteAllBytes(directory.File(file), Damage(sound, file, random));
            if (OpensOrRefuses(directory.Path)) opened++;
            else refused++;
        }
        Assert.True(refused > 300, $"only {refused} of {refused + opened} were refused");
    }

    [Fact]
    public void Every_truncation_of_a_header_is_refused()
    {
        using var directory = new TemporaryDirectory();
        TestModels.Write(directory.Path);
        string path = directory.File("model.safetensors");
        byte[] sound = File.ReadAllBytes(path);
        for (int length = 0; length < sound.Length; length += length < 300 ? 1 : 23)
        {
            File.WriteAllBytes(path, sound[..length]);
            Assert.False(OpensOrRefuses(directory.Path));
        }
    }

    [Fact]
    public void Every_bit_of_the_header_length_matters()
    {
        using var directory = new TemporaryDirectory();
        TestModels.Write(directory.Path);
        string path = directory.File("model.safetensors");
        byte[] sound = File.ReadAllBytes(path);
        for (int bit = 0; bit < 64; bit++)
        {
            byte[] damaged = [.. sound];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            File.WriteAllBytes(path, damaged);
            Assert.False(OpensOrRefuses(directory.Path));
        }
    }

    [Fact]
    public void Any_change_of_an_offset_or_dimension_is_refused()
    {
        using var directory = new TemporaryDirectory();
        TestModels.Write(directory.Path);
        string path = directory.File("model.safetensors");
        byte[] sound = File.ReadAllBytes(path);
        int header = (int)BinaryPrimitives.ReadInt64LittleEndian(sound);
        string json = Encoding.UTF8.GetString(sound, 8, header);
        int changed = 0;
        for (int at = json.IndexOf("shape", StringComparison.Ordinal); at < json.Length; at++)
        {
            if (!char.IsAsciiDigit(json[at]) || json[at - 1] is not ('[' or ',' or (>= '0' and <= '9'))) continue;
            foreach (char digit in "0189")
            {
                if (digit == json[at]) continue;
                byte[] damaged = [.. sound];
                damaged[8 + at] = (byte)digit;
                File.WriteAllBytes(path, damaged);
                Assert.False(OpensOrRefuses(directory.Path));
                changed++;
            }
        }
        Assert.True(changed > 300);
    }

    private static byte[] Damage(byte[] sound, string file, Random random)
    {
        bool json = file.EndsWith(".json", StringComparison.Ordinal);
        int text = json ? sound.Length : 8 + (int)BinaryPrimitives.ReadInt64LittleEndian(sound);
        var damaged = new List<byte>(sound);
        for (int times = random.Next(1, 4); times > 0; times--)
        {
            int at = random.Next(Math.Min(text, damaged.Count));
            switch (random.Next(json ? 5 : 7))
            {
                case 0:
                    damaged[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    damaged[at] = (byte)random.Next(256);
                    break;
                case 2:
                    ReplaceValue(damaged, at, json, Fragments[random.Next(Fragments.Length)]);
                    break;
                case 3:
                    damaged.RemoveRange(at, Math.Min(random.Next(1, 40), damaged.Count - at));
                    break;
                case 4:
                    damaged.InsertRange(at, damaged.GetRange(at, Math.Min(random.Next(1, 80), damaged.Count - at)));
                    break;
                case 5:
                    int cut = 1 + random.Next(damaged.Count / 2);
                    damaged.RemoveRange(damaged.Count - cut, cut);
                    break;
                default:
                    damaged[random.Next(damaged.Count)] ^= 0x80;
                    break;
            }
            if (damaged.Count < 16) break;
        }
        return [.. damaged];
    }

    // Replaces what stands between two separators; in a safetensors file the header's length is mended so that parsing goes on.
    private static void ReplaceValue(List<byte> damaged, int at, bool json, string fragment)
    {
        if (!json && at < 8) return;
        int start = at, end = at;
        while (start > (json ? 0 : 8) && !",:[{"u8.Contains(damaged[start - 1])) start--;
        while (end < damaged.Count - 1 && !",]}:"u8.Contains(damaged[end])) end++;
        if (end <= start || end - start > 200) return;
        damaged.RemoveRange(start, end - start);
        damaged.InsertRange(start, Encoding.UTF8.GetBytes(fragment));
        if (json) return;
        byte[] length = [.. damaged.Take(8)];
        long mended = BinaryPrimitives.ReadInt64LittleEndian(length) + fragment.Length - (end - start);
        BinaryPrimitives.WriteInt64LittleEndian(length, mended);
        for (int i = 0; i < 8; i++) damaged[i] = length[i];
    }

    private static bool OpensOrRefuses(string directory)
    {
        CheckpointReport report = CheckpointInspector.Inspect(directory);
        Assert.All(report.Faults, fault => AssertOneLine(fault, directory));
        try
        {
            using Checkpoint checkpoint = Checkpoint.Open(directory);
            foreach (TensorShape tensor in DecoderTensors.Expected(checkpoint.Config))
            {
                var values = new float[tensor.Elements];
                checkpoint.Read(tensor.Name, values);
                checkpoint.ReadRows(tensor.Name, tensor.Shape[0] - 1, values.AsSpan(0, values.Length / tensor.Shape[0]));
            }
            Assert.Equal(64, checkpoint.Fingerprint.Length);
            Assert.All(report.Faults, fault => Assert.EndsWith("not finite", fault, StringComparison.Ordinal));
            return true;
        }
        catch (CheckpointException e)
        {
            AssertOneLine(e.Message, directory);
            Assert.Equal(report.Faults[0], e.Message);
            return false;
        }
    }

    private static void AssertOneLine(string message, string directory)
    {
        Assert.StartsWith(directory, message, StringComparison.Ordinal);
        Assert.DoesNotContain(message, char.IsControl);
        Assert.InRange(message.Length, 10, 1300);
    }
}
