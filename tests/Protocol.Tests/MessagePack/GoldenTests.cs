using System.Buffers;
using System.Diagnostics;

namespace Atlas.Protocol.Tests.MessagePack;

/// <summary>Every format of the MessagePack specification, with boundary values, against bytes that python3-msgpack made.</summary>
public sealed class GoldenTests
{
    public static TheoryData<int> Cases => [.. Enumerable.Range(0, GoldenCase.All.Count)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_value_is_encoded_as_python_encodes_it(int index)
    {
        GoldenCase golden = GoldenCase.All[index];
        Assert.Equal(golden.Expected, GoldenCase.Show(golden.Encode()));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_value_is_read_wherever_the_bytes_are_split(int index)
    {
        GoldenCase golden = GoldenCase.All[index];
        byte[] data = golden.IsWhole ? Convert.FromHexString(golden.Expected) : golden.Encode();
        ReadBack(golden, new ReadOnlySequence<byte>(data), data.Length);
        // Of long values, the splits in and behind the header and before the end.
        int near = golden.IsWhole ? data.Length : 8;
        foreach (int at in Enumerable.Range(0, data.Length + 1).Where(i => i <= near || i > data.Length - 3))
            ReadBack(golden, Segments.Split(data, at), data.Length);
        if (golden.IsWhole) ReadBack(golden, Segments.Single(data), data.Length);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_value_that_ends_early_is_an_end_of_stream(int index)
    {
        GoldenCase golden = GoldenCase.All[index];
        byte[] data = golden.Encode();
        foreach (int length in Enumerable.Range(0, data.Length).Where(i => i <= 40 || i == data.Length - 1))
        {
            byte[] cut = data[..length];
            Assert.Throws<EndOfStreamException>(() =>
            {
                var reader = new MessagePackReader(cut);
                golden.Verify(ref reader);
            });
            Assert.Throws<EndOfStreamException>(() =>
            {
                var reader = new MessagePackReader(Segments.Single(cut));
                reader.Skip();
            });
        }
    }

    [PythonMsgpackFact]
    public void Python_makes_the_committed_file_of_todays_cases()
    {
        string folder = Path.GetDirectoryName(PythonMsgpackFactAttribute.File("tests/Protocol.Tests/golden/make_golden.py"))!;
        var (code, output) = PythonMsgpackFactAttribute.Run(folder, "make_golden.py");
        Assert.Equal(0, code);
        Assert.Equal(File.ReadAllText(Path.Combine(folder, "msgpack.txt")), output);
    }

    [PythonMsgpackFact]
    public void Python_encodes_ten_thousand_random_values_alike()
    {
        var random = new Random(11);
        var cases = Enumerable.Range(0, 10_000).Select(_ => RandomCase(random)).ToList();
        string script = PythonMsgpackFactAttribute.File("tests/Protocol.Tests/golden/make_golden.py");
        using Process process = PythonMsgpackFactAttribute.Start(Path.GetDirectoryName(script)!, "make_golden.py", "--line");
        Task feed = Task.Run(() =>
        {
            foreach (GoldenCase one in cases) process.StandardInput.Write($"{one.Kind}\t{one.Value}\n");
            process.StandardInput.Close();
        });
        foreach (GoldenCase one in cases)
            Assert.Equal((one.ToString(), process.StandardOutput.ReadLine()), (one.ToString(), Convert.ToHexStringLower(one.Encode())));
        feed.Wait();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private static void ReadBack(GoldenCase golden, in ReadOnlySequence<byte> bytes, int length)
    {
        var reader = new MessagePackReader(bytes);
        golden.Verify(ref reader);
        Assert.True(reader.End);
        Assert.Equal(length, reader.Consumed);
        reader = new MessagePackReader(bytes);
        reader.Skip();
        Assert.True(reader.End);
        reader = new MessagePackReader(bytes);
        Assert.Equal(length, reader.ReadRaw().Length);
    }

    private static GoldenCase RandomCase(Random random) => random.Next(6) switch
    {
        0 => new GoldenCase("int", $"{random.NextInt64() >> random.Next(64)}", ""),
        1 => new GoldenCase("int", $"{-(random.NextInt64() >> random.Next(64))}", ""),
        2 => new GoldenCase("float64", $"{BitConverter.DoubleToUInt64Bits((random.NextDouble() - 0.5) * Math.Pow(2, random.Next(-900, 900))):x16}", ""),
        3 => new GoldenCase("str", $"{random.Next(300)}", ""),
        4 => new GoldenCase("ext", $"{random.Next(128)} {random.Next(300)}", ""),
        _ => new GoldenCase("timestamp", $"{random.NextInt64(-62135596800, 253402300800)} {random.Next(10_000_000) * 100}", ""),
    };
}
