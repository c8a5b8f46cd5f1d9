namespace Atlas.Compute.Cpu.Threading;

/// <summary>
/// Work that <see cref="WorkerPool"/> splits into parts. Implementations are reused objects that hold their arguments in fields, so that a
/// run allocates nothing.
/// </summary>
public interface IParallelJob
{
    /// <summary>Does part <paramref name="part"/>, 0 to parts - 1; parts run in any order and at the same time.</summary>
    void Execute(int part);
}
