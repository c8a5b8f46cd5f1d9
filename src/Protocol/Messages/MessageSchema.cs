using Atlas.Protocol.Rpc;

namespace Atlas.Protocol.Messages;

/// <summary>The keys of a message's map, and which of them must be there. At most 64 keys. Immutable.</summary>
internal sealed class MessageSchema
{
    private readonly NameTable _names;

    /// <summary>A schema; required keys come first in order.</summary>
    public MessageSchema(string[] required, string[] optional)
    {
        _names = required.Length + optional.Length > 0 ? new NameTable([.. required, .. optional]) : new NameTable(" ");
        Required = (1UL << required.Length) - 1;
    }

    /// <summary>Bit i is set where key i is required.</summary>
    public ulong Required { get; }

    /// <summary>All keys, by index.</summary>
    public ReadOnlySpan<string> Names => _names.Names;

    /// <summary>Reads a key and returns its index, or -1 for one that the message does not know.</summary>
    public int Read(ref MessagePackReader reader) => _names.Read(ref reader);
}
