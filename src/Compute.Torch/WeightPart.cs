using Tensor = TorchSharp.torch.Tensor;

namespace Atlas.Compute.Torch;

/// <summary>One checkpoint tensor's share in a stacked matrix.</summary>
/// <param name="Name">Hugging Face name without its <c>.weight</c> or <c>.bias</c>.</param>
/// <param name="Rows">Outputs it contributes.</param>
/// <param name="ReorderOutputs">Puts outputs, rows of a matrix or elements of a bias, into the order of the device; null leaves them.</param>
/// <param name="ReorderInputs">The same for inputs, given as rows.</param>
internal readonly record struct WeightPart(string Name, int Rows, Action<Tensor>? ReorderOutputs = null, Action<Tensor>? ReorderInputs = null);
