using Atlas.Modeling;
using Atlas.Modeling.Training;

namespace Atlas.Compute.Cpu.Tokens;

/// <summary>A token head's tensors: how its tables and shared weights are written and read. Ids and checks travel as whole numbers in f32.</summary>
internal sealed class TokenTensors(TokenHeadConfig config, int vocabularySize, SuccessorTable table, SharedWeights shared)
{
    private const string SharedName = "shared.weight";
    private const string SharedSums = "shared.weight.adagrad";
    private const string SuccessorSums = "contexts.successor.weight.adagrad";

    private static readonly (SuccessorPart Part, string Name)[] Parts =
    [
        (SuccessorPart.Check, "contexts.check"), (SuccessorPart.Tokens, "contexts.successor"), (SuccessorPart.Weights, "contexts.successor.weight"),
    ];

    /// <summary>Writes all weights.</summary>
    public void Write(IWeightSink sink)
    {
        sink.Write(SharedName, [shared.Values.Length], shared.Values);
        foreach (var (part, name) in Parts) Write(sink, part, name);
    }

    /// <summary>Reads all weights; sums of squares begin anew.</summary>
    /// <exception cref="CheckpointException">A tensor is missing, has another shape, or names a token outside the vocabulary.</exception>
    public void Read(IWeightSource source)
    {
        float[] values = Values(source, SharedName, [shared.Values.Length]);
        float[][] parts = [.. Parts.Select(p => Values(source, p.Name, Shape(p.Part)))];
        foreach (float token in parts[1])
            if (token != MathF.Truncate(token) || token < -1 || token >= vocabularySize)
                throw new CheckpointException($"{source.Description}: {Parts[1].Name} holds {token}; expected whole numbers from -1 to {vocabularySize - 1}");
        values.CopyTo(shared.Values, 0);
        Array.Clear(shared.Sums);
        table.Clear();
        for (int i = 0; i < parts.Length; i++) table.Write(Parts[i].Part, parts[i]);
    }

    /// <summary>Writes the sums of squared gradients.</summary>
    public void WriteSums(IWeightSink sink)
    {
        sink.Write(SharedSums, [shared.Sums.Length], shared.Sums);
        Write(sink, SuccessorPart.Sums, SuccessorSums);
    }

    /// <summary>Reads the sums of squared gradients.</summary>
    /// <exception cref="CheckpointException">A tensor is missing or has another shape.</exception>
    public void ReadSums(IWeightSource source)
    {
        float[] values = Values(source, SharedSums, [shared.Sums.Length]), sums = Values(source, SuccessorSums, Shape(SuccessorPart.Sums));
        values.CopyTo(shared.Sums, 0);
        table.Write(SuccessorPart.Sums, sums);
    }

    private int[] Shape(SuccessorPart part) => [config.Orders, config.Contexts, SuccessorTable.Width(part)];

    private void Write(IWeightSink sink, SuccessorPart part, string name)
    {
        var values = new float[table.Count * SuccessorTable.Width(part)];
        table.Read(part, values);
        sink.Write(name, Shape(part), values);
    }

    private static float[] Values(IWeightSource source, string name, int[] shape)
    {
        var info = source.Describe(name);
        if (!info.Shape.SequenceEqual(shape))
            throw new CheckpointException(
                $"{source.Description}: {name} has shape [{string.Join(", ", info.Shape)}], expected [{string.Join(", ", shape)}]");
        var values = new float[shape.Aggregate(1, (a, b) => a * b)];
        source.Read(name, values);
        foreach (float value in values)
            if (!float.IsFinite(value))
                throw new CheckpointException($"{source.Description}: {name} holds {value}; expected finite values");
        return values;
    }
}
