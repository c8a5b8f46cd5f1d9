namespace Atlas.Protocol.Rpc;

/// <summary>
/// The third and fourth element of requests: an array of one map. An empty array, nil or an empty array in the map's place stand for an
/// empty map, as libraries send where nothing is given; further parameters are ignored.
/// </summary>
public static class RpcParams
{
    private static readonly byte[] EmptyMap = [MessagePackCode.MinFixMap];

    /// <summary>Writes an array of the one value; an array of an empty map for null.</summary>
    public static void Write(ref MessagePackWriter writer, IRpcValue? value)
    {
        writer.WriteArrayHeader(1);
        if (value is null) writer.WriteMapHeader(0);
        else value.Write(ref writer);
    }

    /// <summary>Reads the array into a value. Throws <see cref="RpcException"/> where it is not what the value expects.</summary>
    public static void Read(ref MessagePackReader reader, IRpcValue value)
    {
        try
        {
            if (reader.TryReadNil() || reader.ReadArrayHeader() == 0 || reader.TryReadNil())
            {
                ReadEmpty(value);
                return;
            }
            if (reader.NextMessagePackType == MessagePackType.Array)
            {
                int count = reader.ReadArrayHeader();
                if (count > 0) throw RpcException.Invalid("", $"params hold an array of {count}; expected an array of one map");
                ReadEmpty(value);
                return;
            }
            value.Read(ref reader);
        }
        catch (Exception e) when (RpcException.IsWireFault(e))
        {
            throw RpcException.Invalid("", $"params: {e.Message}");
        }
    }

    private static void ReadEmpty(IRpcValue value)
    {
        var reader = new MessagePackReader(EmptyMap);
        value.Read(ref reader);
    }
}
