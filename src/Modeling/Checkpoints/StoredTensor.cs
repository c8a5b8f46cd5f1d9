namespace Atlas.Modeling.Checkpoints;

/// <summary>A tensor as a checkpoint's files hold it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Dtype">Element type as the file spells it, such as <c>BF16</c>.</param>
/// <param name="Shape">Outermost dimension first.</param>
/// <param name="Bytes">Size on disk.</param>
/// <param name="File">Name of the file that holds it, without its directory.</param>
public sealed record StoredTensor(string Name, string Dtype, IReadOnlyList<int> Shape, long Bytes, string File);
