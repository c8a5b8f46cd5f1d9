using Atlas.Modeling.Engine;

namespace Atlas.Modeling.Training;

/// <summary>One row of a head's forward: the state before a token, and that token.</summary>
/// <param name="State">States of the target's forward, or of an earlier forward of the same draft.</param>
/// <param name="StateRow">Row in them.</param>
/// <param name="Token">The token that followed that state.</param>
public readonly record struct HeadRow(IHiddenStates State, int StateRow, int Token);
