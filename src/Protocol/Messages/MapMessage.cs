using System.Numerics;
using Atlas.Protocol.Rpc;

namespace Atlas.Protocol.Messages;

/// <summary>
/// A message that travels as a map with string keys. Unknown keys are ignored, nil stands for a key that is not there, missing required
/// keys and values of a wrong type are an <see cref="RpcException"/> that names the key. Reading replaces everything, so instances can
/// be reused. Not thread-safe.
/// </summary>
public abstract class MapMessage : IRpcValue
{
    private protected abstract MessageSchema Schema { get; }

    /// <summary>Sets everything to its default; buffers keep their memory.</summary>
    public abstract void Clear();

    /// <inheritdoc/>
    public void Write(ref MessagePackWriter writer)
    {
        var map = new MapWriter(writer);
        WriteFields(ref map);
        map.EndCounting();
        WriteFields(ref map);
        writer = map.Inner;
    }

    /// <inheritdoc/>
    public void Read(ref MessagePackReader reader)
    {
        Clear();
        MessageSchema schema = Schema;
        ulong seen = 0;
        string at = "";
        try
        {
            for (int entries = reader.ReadMapHeader(); entries > 0; entries--)
            {
                int key = schema.Read(ref reader);
                if (key < 0)
                {
                    reader.Skip();
                    continue;
                }
                if (reader.TryReadNil()) continue;
                at = schema.Names[key];
                ReadField(at, ref reader);
                at = "";
                seen |= 1UL << key;
            }
        }
        catch (Exception e) when (RpcException.IsWireFault(e))
        {
            throw RpcException.Invalid(at, e.Message);
        }
        ulong missing = schema.Required & ~seen;
        if (missing != 0) throw RpcException.Missing(schema.Names[BitOperations.TrailingZeroCount(missing)]);
        Check();
    }

    /// <summary>Throws where fields are out of range or do not fit one another, as reading does.</summary>
    /// <exception cref="RpcException">They do not.</exception>
    public void Validate() => Check();

    /// <summary>Hands every field to the writer, in the order of the wire; called twice, with the same outcome.</summary>
    private protected abstract void WriteFields(ref MapWriter map);

    /// <summary>Reads the value of a key of the schema.</summary>
    private protected abstract void ReadField(string key, ref MessagePackReader reader);

    /// <summary>Throws where fields do not fit one another.</summary>
    private protected virtual void Check()
    {
    }
}
