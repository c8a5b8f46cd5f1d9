using Atlas.Compute.Cpu.Decoding;
using Atlas.Compute.Cpu.Weights;
using Atlas.Modeling;
using Atlas.Modeling.Training;

namespace Atlas.Compute.Cpu.Training;

/// <summary>
/// A head's matrices and hot output rows repacked for drafting, in the format of <see cref="HeadConfig.DraftFormat"/>: what a draft token
/// reads. Packing runs on the calling thread, so that a trainer's thread prepares weights without taking the decoder's threads.
/// </summary>
internal sealed class HeadPanels : IDisposable
{
    private readonly CpuDecoder _target;
    private readonly HotVocabulary _hot;
    private readonly ParameterStore _parameters;
    private readonly WeightFormat _format;
    private readonly float[] _scratch;
    private LinearLayer? _hotRows;
    private int[] _hotTokens = [];
    private int _targetVersion = -1;
    private bool _packed;

    /// <summary>Nothing is packed yet.</summary>
    public HeadPanels(CpuDecoder target, HotVocabulary hot, ParameterStore parameters, HeadConfig config)
    {
        int hidden = target.Config.HiddenSize, width = config.IntermediateSize;
        _target = target;
        _hot = hot;
        _parameters = parameters;
        _format = config.DraftFormat;
        GateUp = new LinearLayer(new PackedMatrix(_format, 2 * hidden, PackedMatrix.Alternating(HeadTensors.Gate, HeadTensors.Up, width)), null);
        Down = new LinearLayer(new PackedMatrix(_format, width, PackedMatrix.RowsOf(HeadTensors.Down, hidden)), null);
        _scratch = new float[16 * Math.Max(2 * hidden, width)];
    }

    /// <summary>Gate and up projections in alternating panels.</summary>
    public LinearLayer GateUp { get; }

    /// <summary>Down projection.</summary>
    public LinearLayer Down { get; }

    /// <summary>The target's output rows of the hot vocabulary.</summary>
    public LinearLayer Hot => _hotRows!;

    /// <summary>The weights have changed: they are packed again before they are next used.</summary>
    public void Outdate() => _packed = false;

    /// <summary>Packs what has changed: weights, hot vocabulary, or the target's own rows.</summary>
    public void Refresh()
    {
        if (!_packed)
        {
            GateUp.Matrix.PackAll(_parameters, _scratch);
            Down.Matrix.PackAll(_parameters, _scratch);
            _packed = true;
        }
        if (_hot.Tokens.Length == 0 || (ReferenceEquals(_hotTokens, _hot.Tokens) && _targetVersion == _target.WeightsVersion)) return;
        if (_hotRows is null || _hotTokens.Length != _hot.Tokens.Length)
        {
            _hotRows?.Dispose();
            int hidden = _target.Config.HiddenSize;
            _hotRows = new LinearLayer(new PackedMatrix(_format, hidden, PackedMatrix.RowsOf(HotRows.Name, _hot.Tokens.Length)), null);
        }
        _hotTokens = _hot.Tokens;
        _targetVersion = _target.WeightsVersion;
        _hotRows.Matrix.PackAll(new HotRows(_target, _hotTokens), _scratch);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        GateUp.Dispose();
        Down.Dispose();
        _hotRows?.Dispose();
    }
}
