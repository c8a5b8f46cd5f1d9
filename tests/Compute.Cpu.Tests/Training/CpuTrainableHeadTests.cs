using Atlas.Compute.Cpu.Training;
using Atlas.Core.Sampling;
using Atlas.Modeling;
using Atlas.Modeling.Engine;
using Atlas.Modeling.Training;

namespace Atlas.Compute.Cpu.Tests.Training;

public sealed class CpuTrainableHeadTests : IDisposable
{
    private static readonly ModelConfig Model = TinyModels.Llama;
    private static readonly HeadConfig Config = new() { IntermediateSize = 14, HotVocabularySize = 12, MaxRows = 8, DraftFormat = WeightFormat.F32 };
    private static readonly int[] Hot = [0, 2, 3, 5, 8, 9, 11, 14, 17, 22];

    private readonly CpuEngine _engine = new(new CpuEngineOptions { Threads = 2 });
    private readonly MemoryWeights _targetWeights = GradientTests.Weights(Model);
    private readonly IDecoder _target;
    private readonly IRetainedHiddenStates _states;

    public CpuTrainableHeadTests()
    {
        _target = _engine.LoadDecoder(Model, _targetWeights, new DecoderOptions { Format = WeightFormat.F32 });
        using var sequence = _target.OpenSequence();
        var plan = new BatchPlan();
        plan.Begin(sequence);
        for (int i = 0; i < 6; i++) plan.Add(i * 3 + 1, i == 0 ? BatchPlan.NoParent : i - 1, output: true);
        _states = _target.Forward(plan).Hidden.Retain([0, 1, 2, 3, 4, 5]);
    }

    public void Dispose()
    {
        _states.Dispose();
        _target.Dispose();
        _engine.Dispose();
    }

    [Fact]
    public void Gradient_through_all_steps_is_the_difference_quotient()
    {
        var weights = Weights();
        using var head = Head(weights);
        var examples = Examples();
        double loss = head.Accumulate(examples);
        var reference = new ReferenceHead(Model, _targetWeights, weights);
        var states = examples.Select(e => State(e.StateRow)).ToArray();
        Assert.Equal(reference.Loss(examples, states, Hot), loss, 1e-5);
        foreach (string name in weights.Names)
        {
            double[] tensor = reference.Tensors[name];
            float[] gradient = head.GradientOf(name).ToArray();
            double scale = gradient.Max(Math.Abs);
            Assert.True(scale > 1e-6, $"{name}: the whole gradient is zero");
            for (int i = 0; i < tensor.Length; i++)
            {
                const double Step = 1e-5;
                double kept = tensor[i];
                tensor[i] = kept + Step;
                double above = reference.Loss(examples, states, Hot);
                tensor[i] = kept - Step;
                double below = reference.Loss(examples, states, Hot);
                tensor[i] = kept;
                double expected = (above - below) / (2 * Step);
                Assert.True(
                    Math.Abs(expected - gradient[i]) <= 1e-4 * Math.Abs(expected) + 3e-5 * scale + 1e-7,
                    $"{name}[{i}]: gradient {gradient[i]}, difference quotient {expected}");
            }
        }
    }

    [Fact]
    public void Drafting_goes_on_from_its_own_states_as_the_definition_says()
    {
        var weights = Weights();
        using var head = Head(weights);
        var reference = new ReferenceHead(Model, _targetWeights, weights);
        head.BeginDraft();
        var first = head.Forward([new HeadRow(_states, 4, 7), new HeadRow(_states, 1, 3)]);
        var firstStates = first.Hidden;
        var second = head.Forward([new HeadRow(firstStates, 1, 9), new HeadRow(firstStates, 0, 2), new HeadRow(firstStates, 0, 5)]);
        var expected = reference.LogProbs(reference.Advance(reference.Advance(State(4), 7), 5), Hot);

        var logits = new float[Hot.Length];
        second.ReadLogits(2, logits);
        double sum = Math.Log(logits.Sum(l => Math.Exp(l)));
        for (int i = 0; i < logits.Length; i++) Assert.Equal(expected[i], logits[i] - sum, 1e-4);

        var top = new SampledToken[2];
        second.TopK([2], 2, top);
        Assert.Equal(Hot[Array.IndexOf(expected, expected.Max())], top[0].Token);
        Assert.Throws<InvalidOperationException>(() => first.ReadLogits(0, new float[Hot.Length]));
        var state = new float[Model.HiddenSize];
        firstStates.Read(0, state);
        head.BeginDraft();
        Assert.Throws<InvalidOperationException>(() => firstStates.Read(0, state));
    }

    [Fact]
    public void A_row_does_not_depend_on_the_rows_beside_it()
    {
        using var head = Head(Weights());
        var alone = new float[Hot.Length];
        var together = new float[Hot.Length];
        head.Forward([new HeadRow(_states, 2, 6)]).ReadLogits(0, alone);
        head.Forward([new HeadRow(_states, 0, 1), new HeadRow(_states, 5, 9), new HeadRow(_states, 2, 6)]).ReadLogits(2, together);
        Assert.Equal(alone, together);
    }

    [Fact]
    public void An_untrained_head_keeps_the_targets_scale_and_learns_its_examples()
    {
        using var head = new CpuTrainableHead(Config, (Decoding.CpuDecoder)_target, null, 5);
        head.SetHotVocabulary(Hot);
        HeadExample[] examples =
        [
            new(_states, 0, [4, 3], [2, -1, 5, -1], [1, 0, 1, 0]),
            new(_states, 1, [7], [9, 3], [0.5f, 0.5f]),
            new(_states, 3, [1, 2, 3], [0, -1, 22, -1, 8, -1], [1, 0, 1, 0, 1, 0]),
        ];
        double first = head.Accumulate(examples), last = first;
        for (int step = 0; step < 300; step++)
        {
            Assert.True(head.Update(new AdamWStep(1e-2f, WeightDecay: 0)).Applied);
            last = head.Accumulate(examples);
        }
        double floor = Math.Log(2) / 6;
        Assert.True(first > 1 && last < floor + 0.05, $"loss {first} to {last}, floor {floor}");
    }

    [Fact]
    public void A_new_hot_vocabulary_changes_what_is_proposed_and_what_is_taught()
    {
        using var head = Head(Weights());
        head.BeginDraft();
        var before = head.Forward([new HeadRow(_states, 0, 1)]);
        head.SetHotVocabulary([20, 4]);
        Assert.Equal([4, 20], head.HotVocabulary.ToArray());
        Assert.Throws<InvalidOperationException>(() => before.ReadLogits(0, new float[Hot.Length]));
        var tokens = new SampledToken[2];
        head.Forward([new HeadRow(_states, 0, 1)]).TopK([0], 2, tokens);
        Assert.Equal([4, 20], tokens.Select(t => t.Token).Order());
        Assert.Equal(0, head.Accumulate([new HeadExample(_states, 0, [1], [5], [1])]));
        Assert.Equal(0, head.Update(new AdamWStep(0.1f)).GradientNorm);
        Assert.True(head.Accumulate([new HeadExample(_states, 0, [1], [20], [1])]) > 0);
    }

    [Fact]
    public void Output_rows_follow_when_the_targets_weights_are_replaced()
    {
        using var head = Head(Weights());
        var before = new float[Hot.Length];
        var after = new float[Hot.Length];
        head.Forward([new HeadRow(_states, 0, 1)]).ReadLogits(0, before);
        var other = new MemoryWeights();
        foreach (var tensor in DecoderTensors.Expected(Model)) other.Write(tensor.Name, [.. tensor.Shape], _targetWeights[tensor.Name].Select(w => -w).ToArray());
        _target.ReplaceWeights(other);
        head.Forward([new HeadRow(_states, 0, 1)]).ReadLogits(0, after);
        Assert.NotEqual(before, after);
    }

    [Fact]
    public void Resuming_from_exported_weights_and_moments_gives_the_same_bits()
    {
        using var whole = Head(Weights());
        Learn(whole, 3);
        MemoryWeights weights = new(), optimizer = new();
        whole.ExportWeights(weights);
        whole.ExportOptimizer(optimizer);
        Learn(whole, 3);
        using var resumed = Head(Weights());
        resumed.ImportWeights(weights);
        resumed.ImportOptimizer(optimizer, 3);
        Learn(resumed, 3);
        MemoryWeights expected = new(), actual = new();
        whole.ExportWeights(expected);
        resumed.ExportWeights(actual);
        foreach (string name in expected.Names) Assert.Equal(expected[name], actual[name]);
    }

    [Fact]
    public void Misuse_is_refused_with_a_reason()
    {
        using var head = new CpuTrainableHead(Config, (Decoding.CpuDecoder)_target, null, 1);
        Assert.Throws<InvalidOperationException>(() => { head.Forward([new HeadRow(_states, 0, 1)]); });
        Assert.Throws<ArgumentException>(() => head.SetHotVocabulary([]));
        Assert.Throws<ArgumentException>(() => head.SetHotVocabulary([1, 1]));
        Assert.Throws<ArgumentException>(() => head.SetHotVocabulary([23]));
        Assert.Throws<ArgumentException>(() => head.SetHotVocabulary([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]));
        head.SetHotVocabulary(Hot);
        Assert.Throws<ArgumentException>(() => head.Accumulate([new HeadExample(_states, 0, [], [], [])]));
        Assert.Throws<ArgumentException>(() => head.Accumulate([new HeadExample(_states, 0, [1, 2], [1, 2, 3], [1, 1, 1])]));
    }

    [Fact]
    public void Trained_log_probabilities_equal_the_inference_engines()
    {
        var batch = TinyModels.Batch(Model, 3, 40);
        using var decoder = new CpuTrainableDecoder(Model, _targetWeights, 0, ((Decoding.CpuDecoder)_target).Pool);
        var logProbs = new float[40];
        decoder.LogProbs(batch, logProbs);
        using var sequence = _target.OpenSequence();
        var plan = new BatchPlan();
        plan.Begin(sequence);
        for (int i = 0; i < 40; i++) plan.Add(batch.Tokens[i], i == 0 ? BatchPlan.NoParent : i - 1, output: true);
        var result = _target.Forward(plan);
        var logits = new float[Model.VocabularySize];
        for (int i = 0; i < 40; i++)
        {
            if (batch.Targets[i] < 0) continue;
            result.ReadLogits(i, logits);
            double max = logits.Max(), sum = Math.Log(logits.Sum(l => Math.Exp(l - max)));
            Assert.Equal(logits[batch.Targets[i]] - max - sum, logProbs[i], 2e-5);
        }
    }

    private static void Learn(CpuTrainableHead head, int steps, HeadExample[] examples)
    {
        for (int i = 0; i < steps; i++)
        {
            head.Accumulate(examples);
            head.Update(new AdamWStep(1e-2f));
        }
    }

    private void Learn(CpuTrainableHead head, int steps) => Learn(head, steps, Examples());

    private CpuTrainableHead Head(MemoryWeights weights)
    {
        var head = (CpuTrainableHead)_engine.CreateTrainableHead(Config, _target, weights, 0);
        head.SetHotVocabulary(Hot);
        return head;
    }

    private double[] State(int row)
    {
        var state = new float[Model.HiddenSize];
        _states.Read(row, state);
        return [.. state.Select(x => (double)x)];
    }

    private HeadExample[] Examples() =>
    [
        new(_states, 1, [4, 7], [2, 1, 5, 9], [0.6f, 0.3f, 0.5f, 0.4f]),
        new(_states, 0, [3, 9, 12, 1], [5, 8, 6, 1, 9, -1, 17, 22], [0.7f, 0.1f, 0.5f, 0.2f, 0.9f, 0, 0.25f, 0.5f]),
        new(_states, 5, [22], [0, 14], [0.2f, 0.3f]),
    ];

    private static MemoryWeights Weights()
    {
        var weights = new MemoryWeights();
        foreach (var tensor in HeadTensors.Expected(Config, Model.HiddenSize))
        {
            var values = new float[tensor.Elements];
            NormalGenerator.Fill(values, 17, tensor.Name, tensor.Shape.Count > 1 ? 0.4 : 0.2);
            if (tensor.Shape.Count == 1)
                for (int i = 0; i < values.Length; i++) values[i] += 1;
            weights.Write(tensor.Name, [.. tensor.Shape], values);
        }
        return weights;
    }
}
