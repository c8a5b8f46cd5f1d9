namespace Atlas.Compute.Cpu.Weights;

/// <summary>Which rows of which checkpoint tensor a panel's outputs are; outputs beyond <paramref name="Count"/> are zero.</summary>
/// <param name="Tensor">Name in the checkpoint.</param>
/// <param name="FirstRow">Its row that is the panel's first output.</param>
/// <param name="Count">1 to 16.</param>
internal readonly record struct PanelRows(string Tensor, int FirstRow, int Count);
