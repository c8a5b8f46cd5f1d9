using System.Buffers.Binary;
using System.Text;
using Atlas.Modeling.Checkpoints;

namespace Atlas.Modeling.Tests.Checkpoints;

/// <summary>Headers written by hand, sound and unsound, against the rules of the format.</summary>
public class SafetensorsFileTests
{
    [Fact]
    public void Tensors_of_the_three_types_are_read_at_any_alignment()
    {
        using var directory = new TemporaryDirectory();
        byte[] data =
        [
            0xff,                                                   // one U8, so that all that follows is unaligned
            .. BitConverter.GetBytes(1.5f), .. BitConverter.GetBytes(-2f),
            0x80, 0x3f, 0x00, 0xc0,                                 // BF16 1, -2
            0x00, 0x3c, 0x01, 0x00,                                 // F16 1, 2^-24
        ];
        string path = Write(directory, """
            {"__metadata__": {"format": "pt", "step": "7"}, "f16": {"dtype": "F16", "shape": [2], "data_offsets": [13, 17]},
             "u8": {"dtype": "U8", "shape": [], "data_offsets": [0, 1]}, "f32": {"dtype": "F32", "shape": [1, 2], "data_offsets": [1, 9]},
             "bf16": {"dtype": "BF16", "shape": [2, 1], "data_offsets": [9, 13]}, "none": {"dtype": "F32", "shape": [0, 5], "data_offsets": [17, 17]}}
            """, data);
        using SafetensorsFile file = SafetensorsFile.Open(path);
        Assert.Equal(["u8", "f32", "bf16", "f16", "none"], file.Names);
        Assert.Equal("7", file.Metadata["step"]);
        Assert.Equal([1.5f, -2f], Read(file, "f32", 2));
        Assert.Equal([1f, -2f], Read(file, "bf16", 2));
        Assert.Equal([1f, MathF.Pow(2, -24)], Read(file, "f16", 2));
        Assert.Empty(Read(file, "none", 0));
        Assert.Equal(WeightType.BF16, file.Describe("bf16").Type);
        Assert.Equal([2, 1], file.Describe("bf16").Shape);
        var row = new float[1];
        file.ReadRows("bf16", 1, row);
        Assert.Equal([-2f], row);
    }

    [Fact]
    public void Reads_that_do_not_fit_the_tensor_are_refused()
    {
        using var directory = new TemporaryDirectory();
        string path = Write(directory, """
            {"a": {"dtype": "F32", "shape": [3, 2], "data_offsets": [0, 24]}, "i": {"dtype": "I32", "shape": [1], "data_offsets": [24, 28]}}
            """, new byte[28]);
        using SafetensorsFile file = SafetensorsFile.Open(path);
        Refused($"{path}: no tensor \"b\"", () => file.Describe("b"));
        Refused($"{path}: tensor \"i\": dtype I32, expected F32, F16 or BF16", () => file.Describe("i"));
        Refused($"{path}: tensor \"i\": dtype I32, expected F32, F16 or BF16", () => file.Read("i", new float[1]));
        Refused($"{path}: tensor \"a\": 6 elements, but 5 were asked for", () => file.Read("a", new float[5]));
        string rows = "were asked for, expected whole rows of 2 among 3";
        Refused($"{path}: tensor \"a\": 3 elements from row 0 on {rows}", () => file.ReadRows("a", 0, new float[3]));
        Refused($"{path}: tensor \"a\": 4 elements from row 2 on {rows}", () => file.ReadRows("a", 2, new float[4]));
        Refused($"{path}: tensor \"a\": 2 elements from row -1 on {rows}", () => file.ReadRows("a", -1, new float[2]));
        Refused($"{path}: tensor \"a\": 2 elements from row 2147483647 on {rows}", () => file.ReadRows("a", int.MaxValue, new float[2]));
        file.ReadRows("a", 1, new float[4]);
        file.Dispose();
        Assert.Throws<ObjectDisposedException>(() => file.Read("a", new float[6]));
    }

    [Theory]
    [InlineData("""{"a": 3}""", 0, "tensor \"a\": 3, expected an object with dtype, shape and data_offsets")]
    [InlineData("""{"a": {"shape": [1], "data_offsets": [0, 4]}}""", 4, "tensor \"a\": dtype: missing, expected an element type such as \"F32\"")]
    [InlineData("""{"a": {"dtype": "F99", "shape": [1], "data_offsets": [0, 4]}}""", 4,
        "tensor \"a\": dtype: \"F99\" is not known, expected F32, F16 or BF16")]
    [InlineData("""{"a": {"dtype": "F32", "data_offsets": [0, 4]}}""", 4, "tensor \"a\": shape: missing, expected a list of integers")]
    [InlineData("""{"a": {"dtype": "F32", "shape": [1.5], "data_offsets": [0, 4]}}""", 4,
        "tensor \"a\": shape: expected a list of at most 8 integers from 0")]
    [InlineData("""{"a": {"dtype": "F32", "shape": [-1], "data_offsets": [0, 4]}}""", 4,
        "tensor \"a\": shape: expected a list of at most 8 integers from 0")]
    [InlineData("""{"a": {"dtype": "F32", "shape": [1], "data_offsets": [0]}}""", 4,
        "tensor \"a\": data_offsets: [0], expected a begin and an end within 4 bytes of data")]
    [InlineData("""{"a": {"dtype": "F32", "shape": [1], "data_offsets": [4, 0]}}""", 4,
        "tensor \"a\": data_offsets: [4, 0], expected a begin and an end within 4 bytes of data")]
    [InlineData("""{"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}""", 4,
        "tensor \"a\": data_offsets: [0, 8], expected a begin and an end within 4 bytes of data")]
    [InlineData("""{"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 4]}}""", 4,
        "tensor \"a\": data_offsets: 4 bytes, expected 8 for F32 [2]")]
    [InlineData("""{"a": {"dtype": "F32", "shape": [2147483648, 2147483648, 2147483648, 2147483648, 2147483648], "data_offsets": [0, 4]}}""", 4,
        "tensor \"a\": shape: dimension 2147483648, expected at most 2147483647")]
    [InlineData("""{"a": {"dtype": "F32", "shape": [2147483647, 2147483647, 2147483647, 2147483647], "data_offsets": [0, 4]}}""", 4,
        "tensor \"a\": data_offsets: 4 bytes, expected 85070591571778290947995441078751723524 for F32 [2147483647, 2147483647, 2147483647, 2147483647]")]
    [InlineData("""{"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4], "x": 1}}""", 4,
        "tensor \"a\": x: unknown key, and it might change the result")]
    [InlineData("""{"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}, "b": {"dtype": "F32", "shape": [1], "data_offsets": [2, 6]}}""", 6,
        "tensor \"b\": data_offsets overlap those of another by 2 bytes")]
    [InlineData("""{"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}, "b": {"dtype": "F32", "shape": [1], "data_offsets": [6, 10]}}""", 10,
        "tensor \"b\": data_offsets leave a hole of 2 bytes before it")]
    [InlineData("""{"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}""", 7, "3 bytes behind the last tensor, expected none")]
    [InlineData("""{"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}, "a": {"dtype": "F32", "shape": [1], "data_offsets": [4, 8]}}""", 8,
        "header: \"a\" appears twice, expected once")]
    [InlineData("""{"__metadata__": {"a": 1}}""", 0, "__metadata__: expected an object of strings")]
    [InlineData(""" {"a": 1}""", 0, "header begins with byte 0x20, expected a brace")]
    public void A_header_that_breaks_a_rule_is_refused(string header, int dataBytes, string expected)
    {
        using var directory = new TemporaryDirectory();
        string path = Write(directory, header, new byte[dataBytes]);
        Refused($"{path}: {expected}", () => SafetensorsFile.Open(path));
    }

    [Fact]
    public void A_length_that_does_not_fit_the_file_is_refused_without_reading_on()
    {
        using var directory = new TemporaryDirectory();
        string path = directory.File("x.safetensors");
        void Expect(byte[] content, string expected)
        {
            File.WriteAllBytes(path, content);
            Refused($"{path}: {expected}", () => SafetensorsFile.Open(path));
        }
        Expect([], "0 bytes, expected a safetensors header length of 8 bytes first");
        Expect([1, 2, 3], "3 bytes, expected a safetensors header length of 8 bytes first");
        Expect([9, 0, 0, 0, 0, 0, 0, 0, .. "{}      "u8], "header length 9, expected 2 to 8 in a file of 16 bytes");
        Expect([1, 0, 0, 0, 0, 0, 0, 0, .. "{}      "u8], "header length 1, expected 2 to 8 in a file of 16 bytes");
        Expect([255, 255, 255, 255, 255, 255, 255, 255, .. "{}"u8], "header length 18446744073709551615, expected 2 to 2 in a file of 10 bytes");
        Refused($"{directory.File("absent")}: no such file", () => SafetensorsFile.Open(directory.File("absent")));
        Refused($"{directory.Path}: is a directory, expected a file", () => SafetensorsFile.Open(directory.Path));
    }

    [Fact]
    public void A_sparse_file_with_a_huge_header_is_refused_by_its_length()
    {
        using var directory = new TemporaryDirectory();
        string path = directory.File("huge.safetensors");
        using (FileStream stream = File.Create(path))
        {
            stream.Write(BitConverter.GetBytes(200_000_000L));
            stream.SetLength(300_000_000);
        }
        Refused($"{path}: header length 200000000, expected 2 to 100000000 in a file of 300000000 bytes", () => SafetensorsFile.Open(path));
    }

    [Fact]
    public void Rows_beyond_four_gigabytes_are_read_from_where_they_are()
    {
        using var directory = new TemporaryDirectory();
        string path = directory.File("sparse.safetensors");
        const int Rows = 1_500_000, Width = 1024;
        const long Bytes = (long)Rows * Width * 4;
        byte[] header = Encoding.UTF8.GetBytes($$"""{"a": {"dtype": "F32", "shape": [{{Rows}}, {{Width}}], "data_offsets": [0, {{Bytes}}]} }""");
        using (FileStream stream = File.Create(path))
        {
            stream.Write(BitConverter.GetBytes((long)header.Length));
            stream.Write(header);
            stream.SetLength(8 + header.Length + Bytes); // a hole on the disk: the file takes no space
            stream.Position = stream.Length - 4;
            stream.Write(BitConverter.GetBytes(1.5f));
        }
        using SafetensorsFile file = SafetensorsFile.Open(path);
        var rows = new float[2 * Width];
        file.ReadRows("a", Rows - 2, rows);
        Assert.Equal(1.5f, rows[^1]);
        Assert.All(rows[..^1], v => Assert.Equal(0f, v));
    }

    private static string Write(TemporaryDirectory directory, string header, byte[] data)
    {
        byte[] json = Encoding.UTF8.GetBytes(header), length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        string path = directory.File("x.safetensors");
        File.WriteAllBytes(path, [.. length, .. json, .. data]);
        return path;
    }

    private static float[] Read(SafetensorsFile file, string name, int count)
    {
        var values = new float[count];
        file.Read(name, values);
        return values;
    }

    private static void Refused(string message, Action action) => Assert.Equal(message, Assert.Throws<CheckpointException>(action).Message);
}
