namespace Atlas.Compute.Cpu.Training;

/// <summary>Memory of a head's forward and backward over a number of rows; allocates only while it grows.</summary>
internal sealed unsafe class HeadMemory(int hidden, int intermediate) : IDisposable
{
    private readonly GrowingBuffer _memory = new();
    private float* _next;

    /// <summary>State before each row's token, [rows, hidden].</summary>
    public float* States { get; private set; }

    /// <summary>Embedding of each row's token, [rows, hidden].</summary>
    public float* Embeddings { get; private set; }

    /// <summary>Inverse root mean square of each state.</summary>
    public float* StateInverse { get; private set; }

    /// <summary>Inverse root mean square of each embedding.</summary>
    public float* TokenInverse { get; private set; }

    /// <summary>Inverse root mean square of each sum.</summary>
    public float* SumInverse { get; private set; }

    /// <summary>Normalized state and embedding side by side, [rows, 2 x hidden].</summary>
    public float* Joined { get; private set; }

    /// <summary>Gate and up, then their gradient, [rows, 2 x intermediate].</summary>
    public float* GateUp { get; private set; }

    /// <summary>Activated product, [rows, intermediate].</summary>
    public float* Activated { get; private set; }

    /// <summary>State plus feed-forward, [rows, hidden].</summary>
    public float* Sum { get; private set; }

    /// <summary>Next states, [rows, hidden].</summary>
    public float* Next { get; private set; }

    /// <summary>Logits over the hot vocabulary, then the loss's derivatives by them, [rows, hot].</summary>
    public float* Logits { get; private set; }

    /// <summary>Gradient by the next states, [rows, hidden].</summary>
    public float* NextGradient { get; private set; }

    /// <summary>Gradient by the sums, [rows, hidden].</summary>
    public float* SumGradient { get; private set; }

    /// <summary>Gradient by the states, [rows, hidden].</summary>
    public float* StateGradient { get; private set; }

    /// <summary>One step's gradient by <see cref="Joined"/>, [rows, 2 x hidden].</summary>
    public float* JoinedGradient { get; private set; }

    /// <summary>One half of a joined row, [rows, hidden].</summary>
    public float* Part { get; private set; }

    /// <summary>Takes the gradient by embeddings, which are not learned, [rows, hidden]; zeros at first, never read.</summary>
    public float* Unused { get; private set; }

    /// <summary>Lays out memory for so many rows.</summary>
    public void Reserve(int rows, int hot)
    {
        _next = null;
        LayOut(rows, hot);
        long count = (nint)_next / sizeof(float);
        _next = _memory.Reserve(count);
        LayOut(rows, hot);
        new Span<float>(Unused, rows * hidden).Clear();
    }

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();

    private void LayOut(int rows, int hot)
    {
        States = Take(rows, hidden);
        Embeddings = Take(rows, hidden);
        StateInverse = Take(rows, 1);
        TokenInverse = Take(rows, 1);
        SumInverse = Take(rows, 1);
        Joined = Take(rows, 2 * hidden);
        GateUp = Take(rows, 2 * intermediate);
        Activated = Take(rows, intermediate);
        Sum = Take(rows, hidden);
        Next = Take(rows, hidden);
        Logits = Take(rows, hot);
        NextGradient = Take(rows, hidden);
        SumGradient = Take(rows, hidden);
        StateGradient = Take(rows, hidden);
        JoinedGradient = Take(rows, 2 * hidden);
        Part = Take(rows, hidden);
        Unused = Take(rows, hidden);
    }

    private float* Take(int rows, int width)
    {
        float* taken = _next;
        _next += ((nint)rows * width + 15) / 16 * 16;
        return taken;
    }
}
