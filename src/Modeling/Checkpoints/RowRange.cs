namespace Atlas.Modeling.Checkpoints;

/// <summary>Which elements of a tensor a read asks for, checked against its shape.</summary>
internal static class RowRange
{
    /// <summary>Refuses a destination that is not as large as the whole tensor.</summary>
    public static void CheckWhole(string source, string name, IReadOnlyList<int> shape, int destination)
    {
        long elements = shape.Aggregate(1L, (product, d) => product * d);
        if (destination == elements) return;
        throw new CheckpointException($"{FaultList.OneLine(source, 400)}: tensor {FaultList.Quote(name)}: {elements} elements, "
            + $"but {destination} were asked for");
    }

    /// <summary>Index of the first element of the rows that fill the destination.</summary>
    public static long First(string source, string name, IReadOnlyList<int> shape, int firstRow, int destination)
    {
        int rows = shape.Count == 0 ? 1 : shape[0];
        long width = shape.Skip(1).Aggregate(1L, (product, d) => product * d);
        bool whole = width > 0 && destination % width == 0;
        if (whole && firstRow >= 0 && firstRow + destination / width <= rows) return firstRow * width;
        throw new CheckpointException($"{FaultList.OneLine(source, 400)}: tensor {FaultList.Quote(name)}: {destination} elements from row "
            + $"{firstRow} on were asked for, expected whole rows of {width} among {rows}");
    }
}
