namespace Atlas.Benchmarks.Kernels;

/// <summary>How the rows that are verified hang together.</summary>
public enum DraftForm
{
    /// <summary>Each row is the child of the one before it.</summary>
    Chain,

    /// <summary>Each row has two children, as far as there are rows.</summary>
    BinaryTree,
}
