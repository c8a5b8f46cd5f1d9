using Atlas.Core.Sampling;
using Atlas.Modeling.Engine;
using Atlas.Modeling.Training;

namespace Atlas.Trainer.Online;

/// <summary>
/// One example of the replay: a target state, the tokens that followed it, what the target said after each of them, and what was emitted. It
/// holds all of its memory from the start and is filled anew again and again.
/// </summary>
internal sealed class ReplayWindow
{
    public ReplayWindow(int length, int width, int topK)
    {
        State = new HostHiddenStates(1, width);
        Example = new HeadExample(State, 0, new int[length], new int[length * topK], new float[length * topK]);
        Next = new int[length];
    }

    /// <summary>The state before the first token.</summary>
    public HostHiddenStates State { get; }

    /// <summary>As a head learns it.</summary>
    public HeadExample Example { get; }

    /// <summary>The token emitted after each fed one.</summary>
    public int[] Next { get; }

    /// <summary>How the emitted tokens were drawn, penalties and constraints left out.</summary>
    public SamplingState Sampling { get; set; } = new(SamplingOptions.Greedy, [], 0);

    /// <summary>Position of the first fed token.</summary>
    public long Position { get; set; }

    /// <summary>Bytes of one window.</summary>
    public static long Bytes(int length, int width, int topK) => 4L * width + length * (8L * topK + 8) + 200;
}
