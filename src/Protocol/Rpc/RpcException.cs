namespace Atlas.Protocol.Rpc;

/// <summary>A call was answered with an error, or is to be answered with one.</summary>
public sealed class RpcException : Exception
{
    /// <summary>With one of <see cref="RpcErrorCode"/> and a line for people.</summary>
    public RpcException(string code, string message)
        : this(new RpcError { Code = code, Message = message })
    {
    }

    /// <summary>With a whole error.</summary>
    public RpcException(RpcError error)
        : base($"{error.Code}: {error.Message}") => Error = error;

    /// <summary>What travels.</summary>
    public RpcError Error { get; }

    /// <summary>The error's code.</summary>
    public string Code => Error.Code;

    /// <summary>A parameter that was needed and is not there.</summary>
    public static RpcException Missing(string parameter) => new(new RpcError
    {
        Code = RpcErrorCode.MissingParameter,
        Message = $"{parameter} is missing",
        Parameter = parameter,
    });

    /// <summary>A parameter of the wrong type or out of range; the text goes on after its name.</summary>
    public static RpcException Invalid(string parameter, string fault) => new(new RpcError
    {
        Code = RpcErrorCode.InvalidParams,
        Message = parameter.Length > 0 ? $"{parameter}: {fault}" : fault,
        Parameter = parameter,
    });

    /// <summary>Whether an exception says that bytes are not the value that was asked for.</summary>
    internal static bool IsWireFault(Exception e) => e is MessagePackSerializationException or EndOfStreamException or OverflowException;

    /// <summary>The same fault of a parameter that lies in another one.</summary>
    internal RpcException Within(string outer)
    {
        string path = Error.Parameter.Length > 0 ? $"{outer}.{Error.Parameter}" : outer;
        string line = Error.Parameter.Length > 0 ? $"{outer}.{Error.Message}" : $"{outer}: {Error.Message}";
        return new RpcException(new RpcError { Code = Error.Code, Message = line, Parameter = path, Position = Error.Position });
    }
}
