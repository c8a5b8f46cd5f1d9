using Atlas.Modeling.Training;
using TorchSharp;

namespace Atlas.Compute.Torch;

/// <summary>AdamW (arXiv 1711.05101) over a head's weights on the device; one weight after the other, each a piece.</summary>
internal sealed class HeadOptimizer(HeadParameters parameters, torch.Device device)
{
    private AdamWStep _step = new(0);
    private double _clip;
    private int _done = parameters.All.Count;

    /// <summary>Updates applied.</summary>
    public long UpdateCount { get; set; }

    /// <summary>What the last update did.</summary>
    public UpdateReport Report { get; private set; } = new(0, false);

    /// <summary>
    /// Begins an update, which <see cref="Continue"/> does; false where there is none to do, because the gradient is not finite and was cleared.
    /// </summary>
    public bool Begin(AdamWStep step)
    {
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var squares = parameters.All.Select(p => p.Gradient.to(torch.ScalarType.Float64).square().sum()).ToArray();
        double norm = Math.Sqrt(torch.stack(squares).sum().item<double>());
        bool applied = double.IsFinite(norm);
        Report = new UpdateReport(norm, applied);
        if (!applied)
        {
            foreach (var parameter in parameters.All) parameter.Gradient.zero_();
            return false;
        }
        UpdateCount++;
        _step = step;
        _clip = step.ClipNorm > 0 && norm > step.ClipNorm ? step.ClipNorm / norm : 1;
        _done = 0;
        return true;
    }

    /// <summary>Updates the next weight; returns whether any are left.</summary>
    public bool Continue()
    {
        if (_done < parameters.All.Count) Update(parameters.All[_done++]);
        if (device.type == DeviceType.CUDA) torch.cuda.synchronize(device);
        return _done < parameters.All.Count;
    }

    private void Update(HeadParameter parameter)
    {
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var gradient = parameter.Gradient.Times((float)_clip);
        parameter.First.TimesInPlace(_step.Beta1).PlusInPlace(gradient.Times(1f - _step.Beta1));
        parameter.Second.TimesInPlace(_step.Beta2).PlusInPlace(gradient.square().TimesInPlace(1f - _step.Beta2));
        float correction1 = (float)(1 / (1 - Math.Pow(_step.Beta1, UpdateCount)));
        float correction2 = (float)(1 / (1 - Math.Pow(_step.Beta2, UpdateCount)));
        var move = parameter.First.Times(correction1).div_(parameter.Second.Times(correction2).sqrt_().PlusInPlace(_step.Epsilon));
        parameter.Weight.TimesInPlace(parameter.Decays ? 1f - _step.LearningRate * _step.WeightDecay : 1f).sub_(move.TimesInPlace(_step.LearningRate));
        parameter.Gradient.zero_();
    }
}
