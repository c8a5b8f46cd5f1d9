using Atlas.Modeling;
using Atlas.Modeling.Engine;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Atlas.Compute.Torch;

/// <summary>
/// Computes a plan in one pass, or, where memory does not suffice for that, in several over fewer sequences each: no sequence attends to
/// another, so the rows are the same. A sequence alone is not divided.
/// </summary>
internal sealed class ForwardPasses(ModelConfig config, DecoderForward forward, int cacheRows, DevicePlace place)
{
    /// <summary>Passes of the last plan.</summary>
    public int LastPasses { get; private set; }

    /// <summary>Hidden states and logits of the plan's outputs, in its order; null when no output is wanted.</summary>
    /// <exception cref="InsufficientMemoryException">Memory does not suffice for a sequence alone.</exception>
    public (Tensor Hidden, Tensor Logits)? Run(BatchPlan plan)
    {
        using var scope = torch.NewDisposeScope();
        LastPasses = 0;
        var parts = new List<(Tensor Hidden, Tensor Logits)>();
        int[] segments = [.. Enumerable.Range(0, plan.SegmentCount).Where(s => plan.Segment(s).Count > 0)];
        Run(plan, segments, parts);
        if (parts.Count == 0) return null;
        var (hidden, logits) = parts.Count == 1
            ? parts[0]
            : (torch.cat(parts.Select(p => p.Hidden).ToList(), 0), torch.cat(parts.Select(p => p.Logits).ToList(), 0));
        return (hidden.MoveToOuterDisposeScope(), logits.MoveToOuterDisposeScope());
    }

    private void Run(BatchPlan plan, int[] segments, List<(Tensor Hidden, Tensor Logits)> parts)
    {
        int rows = segments.Sum(s => plan.Segment(s).Count);
        long bytes = forward.BytesOf(rows, segments.Sum(s => Outputs(plan, s)));
        if (segments.Length == 1 || bytes <= place.WorkspaceBytes)
        {
            try
            {
                LastPasses++;
                var outputs = DeviceMemory.Guard(
                    $"a forward of {rows} rows",
                    bytes,
                    place.Device,
                    () => forward.Run(new BatchLayout(plan, segments, config, cacheRows, place.Device)));
                if (outputs is { } both) parts.Add(both);
                return;
            }
            catch (InsufficientMemoryException) when (segments.Length > 1)
            {
                // Half of the sequences may fit where all of them did not.
            }
        }
        Run(plan, segments[..(segments.Length / 2)], parts);
        Run(plan, segments[(segments.Length / 2)..], parts);
    }

    private static int Outputs(BatchPlan plan, int index)
    {
        var segment = plan.Segment(index);
        return plan.Outputs.Slice(segment.FirstRow, segment.Count).Count(true);
    }
}
