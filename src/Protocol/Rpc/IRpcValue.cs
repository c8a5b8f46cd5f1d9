namespace Atlas.Protocol.Rpc;

/// <summary>Something that travels as the single parameter or the result of a call. Instances may be reused from call to call.</summary>
public interface IRpcValue
{
    /// <summary>Writes one MessagePack value.</summary>
    void Write(ref MessagePackWriter writer);

    /// <summary>
    /// Replaces what the instance holds by the next value. Throws <see cref="RpcException"/> with <see
    /// cref="RpcErrorCode.InvalidParams"/> or
    /// <see cref="RpcErrorCode.MissingParameter"/> where the value is not of this type; what the instance holds is then undefined.
    /// </summary>
    void Read(ref MessagePackReader reader);
}
