using System.Buffers;
using System.Text.RegularExpressions;
using Atlas.Protocol.Messages;
using Atlas.Protocol.Rpc;
using Atlas.Protocol.Serving;

namespace Atlas.Protocol.Tests.Messages;

/// <summary>
/// The bytes in docs/protocol.md are what the document says, are read as the message that the text shows, and are written by it.
/// </summary>
public sealed class DocumentedExampleTests
{
    private static readonly Dictionary<string, Func<MapMessage>> Types = new()
    {
        ["hello.params"] = () => new HelloParams(),
        ["hello.result"] = () => new HelloResult(),
        ["open.params"] = () => new OpenParams(),
        ["open.result"] = () => new PositionResult(),
        ["draft.params"] = () => new DraftParams(),
        ["draft.result"] = () => new DraftResult(),
        ["commit.params"] = () => new SequenceUpdate(),
        ["close.params"] = () => new CloseParams(),
        ["weights_updated.params"] = () => new WeightsUpdatedParams(),
        ["weights_updated.result"] = () => new WeightsUpdatedResult(),
        ["generate.params"] = () => new GenerateParams(),
        ["generate.result"] = () => new GenerateResult(),
        ["tokens.params"] = () => new TokensParams(),
        ["cancel.params"] = () => new CancelParams(),
        ["cancel.result"] = () => new CancelResult(),
        ["forget.params"] = () => new ForgetParams(),
        ["forget.result"] = () => new ForgetResult(),
        ["stats.params"] = () => new StatsParams(),
        ["stats.result"] = () => new StatsResult(),
        ["checkpoint.params"] = () => new CheckpointParams(),
        ["checkpoint.result"] = () => new CheckpointResult(),
        ["drain.params"] = () => new DrainParams(),
        ["drain.result"] = () => new DrainResult(),
        ["error"] = () => new RpcError(),
    };

    private static readonly string Document = File.ReadAllText(PythonMsgpackFactAttribute.File("docs/protocol.md"));

    public static TheoryData<int> Examples => [.. Enumerable.Range(0, DocumentedExample.All.Count)];

    [Theory]
    [MemberData(nameof(Examples))]
    public void The_bytes_are_the_message_that_is_shown(int index)
    {
        DocumentedExample example = DocumentedExample.All[index];
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        example.Write(ref writer);
        writer.Flush();
        Assert.Equal(Convert.ToHexStringLower(example.Bytes), Convert.ToHexStringLower(buffer.WrittenSpan));
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void The_message_is_read_from_the_bytes_and_written_as_them(int index)
    {
        DocumentedExample example = DocumentedExample.All[index];
        foreach (int at in Enumerable.Range(0, example.Bytes.Length))
        {
            // The envelope is put together by hand here, so that what a connection writes is compared with the document and not with itself.
            var reader = new MessagePackReader(Segments.Split(example.Bytes, at));
            var buffer = new ArrayBufferWriter<byte>();
            var writer = new MessagePackWriter(buffer);
            int count = reader.ReadArrayHeader();
            int type = reader.ReadInt32();
            writer.WriteArrayHeader(count);
            writer.Write(type);
            if (type != 2) writer.Write(reader.ReadUInt32());
            MapMessage message = Types[example.Name]();
            if (type == 1)
            {
                bool failed = !reader.TryReadNil();
                Assert.Equal(example.Name == "error", failed);
                message.Read(ref reader);
                if (failed) Assert.True(reader.TryReadNil());
                if (!failed) writer.WriteNil();
                message.Write(ref writer);
                if (failed) writer.WriteNil();
            }
            else
            {
                string method = reader.ReadString()!;
                Assert.Equal(method + ".params", example.Name);
                writer.Write(method);
                RpcParams.Read(ref reader, message);
                if (example.Packed && message is DraftParams draft)
                    for (int i = 0; i < draft.Sequences.Count; i++) draft.Sequences[i].Packed = true;
                RpcParams.Write(ref writer, message);
            }
            Assert.True(reader.End);
            writer.Flush();
            Assert.Equal(Convert.ToHexStringLower(example.Bytes), Convert.ToHexStringLower(buffer.WrittenSpan));
        }
    }

    [Fact]
    public void A_documented_message_says_what_the_text_says()
    {
        var draft = (DraftResult)Read("draft.result");
        SequenceDraft tree = draft.Sequences[0];
        Assert.Equal([8, 9, 12], tree.Tokens.Span.ToArray());
        Assert.Equal([-1, 0, -1], tree.Parents.Span.ToArray());
        Assert.Equal([0.75f, 0.5f, 0.125f], tree.Confidence.Span.ToArray());
        Assert.Equal(("suffix", 31, 5), (tree.Speculator, tree.Version, tree.Position));
        Assert.Equal((DraftStatus.StalePosition, 91, 0), (draft.Sequences[1].Status, draft.Sequences[1].Position, draft.Sequences[1].Tokens.Count));
        var feedback = (DraftParams)Read("draft.params", packed: true);
        SequenceUpdate update = feedback.Sequences[0];
        Assert.Equal([8], update.Tokens.Span.ToArray());
        Assert.Equal([8, 12], update.TopTokens.Span.ToArray());
        Assert.Equal([-0.5f, -2f], update.TopLogprobs.Span.ToArray());
        Assert.Equal((HiddenType.BF16, 4, 21_000), (update.HiddenType, update.Hidden.Count, feedback.VerifyUs));
        var generate = (GenerateParams)Read("generate.params");
        Assert.Equal(("Once", 1, true, 3, 7ul, 0.5f), (generate.Prompt, generate.Request, generate.Stream, generate.MaxTokens, generate.Seed!.Value, generate.Temperature));
        Assert.Equal(-1.5f, generate.LogitBias[50]);
        Assert.Equal(["\n\n"], generate.Stop);
    }

    [Fact]
    public void Every_example_and_every_type_is_tested()
    {
        Assert.Equal(DocumentedExample.Marked, DocumentedExample.All.Count);
        Assert.Equal(Types.Keys.Order(), DocumentedExample.All.Select(e => e.Name).Distinct().Order());
    }

    [Fact]
    public void Every_method_and_every_key_is_documented()
    {
        foreach (string method in ServiceDispatcher.MethodNames.Append(RpcMethods.Tokens))
            Assert.Matches(new Regex($"^##+ {method}$", RegexOptions.Multiline), Document);
        foreach (MapMessage message in Types.Values.Select(make => make()).Concat([new SequenceUpdate(), new SequenceDraft(), new GenerateChoice(), new TokenLogprob()]))
            foreach (string key in KeysOf(message))
                Assert.True(Document.Contains($"`{key}`", StringComparison.Ordinal), $"{message.GetType().Name} has {key}, which docs/protocol.md lacks");
    }

    [Fact]
    public void Every_error_code_is_documented()
    {
        foreach (var field in typeof(RpcErrorCode).GetFields()) Assert.Contains($"| `{field.GetRawConstantValue()}` |", Document, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void Mutated_messages_are_refused_by_name_or_read(int index)
    {
        DocumentedExample example = DocumentedExample.All[index];
        MapMessage message = Types[example.Name]();
        byte[] whole = Wire.Encode(Fill(example, message));
        var random = new Random(index);
        for (int i = 0; i < 2000; i++)
        {
            byte[] mutant = [.. whole];
            for (int flips = random.Next(1, 4); flips > 0; flips--) mutant[random.Next(mutant.Length)] = (byte)random.Next(256);
            if (random.Next(4) == 0) mutant = mutant[..random.Next(mutant.Length)];
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                var reader = new MessagePackReader(Segments.Split(mutant, random.Next(mutant.Length + 1)));
                message.Read(ref reader);
                Wire.Encode(message);
            }
            catch (RpcException e)
            {
                Assert.Contains(e.Code, new[] { RpcErrorCode.InvalidParams, RpcErrorCode.MissingParameter });
            }
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000);
        }
    }

    private static MapMessage Read(string name, bool packed = false)
    {
        DocumentedExample example = DocumentedExample.All.First(e => e.Name == name && e.Packed == packed);
        return Fill(example, Types[name]());
    }

    private static MapMessage Fill(DocumentedExample example, MapMessage message)
    {
        var reader = new MessagePackReader(example.Bytes);
        reader.ReadArrayHeader();
        int type = reader.ReadInt32();
        if (type != 2) reader.Skip();
        if (type != 1)
        {
            reader.Skip();
            RpcParams.Read(ref reader, message);
            return message;
        }
        reader.TryReadNil();
        message.Read(ref reader);
        return message;
    }

    private static IEnumerable<string> KeysOf(MapMessage message)
    {
        var schema = (MessageSchema)message.GetType().GetProperty("Schema", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)!.GetValue(message)!;
        return schema.Names.ToArray().Where(name => name != " ");
    }
}
