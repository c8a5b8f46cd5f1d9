using System.Text;
using Atlas.Modeling.Tokenization;
using BenchmarkDotNet.Attributes;

namespace Atlas.Benchmarks.Kernels;

/// <summary>Encoding and decoding English prose with the small pair's vocabulary, on one thread.</summary>
public class TokenizerBenchmark : KernelBenchmark
{
    private static readonly string Text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "text.md"));
    private static readonly Tokenizer Tokenizer = Tokenizer.Load(Path.Combine(AppContext.BaseDirectory, "tokenizer.json"));
    private static readonly int[] Tokens = Tokenizer.Encode(Text, addSpecialTokens: false);

    private readonly int[] _tokens = Tokens;
    private readonly List<int> _output = new(Tokens.Length);

    /// <inheritdoc/>
    public override KernelWork Work(string method) => new(Encoding.UTF8.GetByteCount(Text), Tokens.Length, "token");

    /// <summary>Text to tokens.</summary>
    [Benchmark]
    public int Encode()
    {
        _output.Clear();
        Tokenizer.Encode(Text, addSpecialTokens: false, _output);
        return _output.Count;
    }

    /// <summary>Tokens to text.</summary>
    [Benchmark]
    public int Decode() => Tokenizer.Decode(_tokens, skipSpecialTokens: false).Length;

    /// <inheritdoc/>
    protected override int Threads => 1;

    /// <inheritdoc/>
    protected override void Prepare()
    {
    }

    /// <inheritdoc/>
    protected override void Release()
    {
    }
}
