namespace Atlas.Benchmarks.Kernels;

/// <summary>What one call of a benchmark does, counted from its parameters.</summary>
/// <param name="Bytes">Bytes that the call reads and writes at least; 0 where memory is beside the point.</param>
/// <param name="Operations">Operations that it does.</param>
/// <param name="Unit">What an operation is: <c>flop</c> (a multiply-add is two), <c>element</c>, <c>token</c>, <c>run</c>.</param>
public readonly record struct KernelWork(double Bytes, double Operations, string Unit);
