using Atlas.Controller.Budget;
using Atlas.Controller.Calibration;
using Atlas.Controller.Choice;
using Atlas.Controller.Guard;
using Atlas.Controller.Latency;
using Atlas.Controller.Metrics;
using Atlas.Controller.Rounds;
using Atlas.Controller.Traffic;
using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Core.Sampling;

namespace Atlas.Controller;

/// <summary>
/// The controller as the step sees it. Before drafting, Hedge draws for each sequence whom to invoke, from the predicted time per emitted
/// token of every set of speculators; after drafting, the nodes of all drafts compete for verification rows by calibrated marginal gain; after
/// verification every draft, cut or not, is judged by the text that was emitted, and estimates, calibration, latencies, drift tests and guards
/// learn from it. It must hear of the steps as observer, and of their times through <see cref="TimeProvider"/> decorators of target and
/// speculators; without times it believes its predictions. Used from the decoding thread; allocates nothing once it has seen its largest batch.
/// </summary>
public sealed class AdaptivePlanner : IPlanner, IVerificationObserver, IStepTimings
{
    private const int PendingDrafts = 16;
    private const double LeastExploration = 0.002;
    private const double MeanRate = 0.05;
    private const int ChoiceStream = 16;
    private const int TrialStream = ChoiceStream + 1 + DraftTree.MaxSpeculators;
    private const double RedundantPart = 0.25;
    private const double DueTrial = 0.25;
    private const int FewDrafts = 32;
    private const double FewDraftsCost = 8;
    private const double DearestTrial = 0.5;

    private readonly ITarget _target;
    private readonly ControllerOptions _options;
    private readonly TargetLatency _latency;
    private readonly DraftLatencies _drafting;
    private readonly NodeSelection _selection = new();
    private readonly StepAccount _account = new();
    private readonly NamespaceTable _namespaces;
    private readonly Dictionary<long, RequestState> _requests = [];
    private readonly Stack<RequestState> _free = [];
    private readonly double[] _draftSeconds;
    private readonly double[] _readSeconds;
    private readonly int[] _reading;
    private readonly double[] _exploration;
    private readonly double[] _losses;
    private readonly double[] _probabilities;
    private RequestState[] _states = [];
    private double[] _gains = [];
    private bool[] _pays = [];
    private RowPrices _prices;
    private int _stride;
    private int _batch;
    private int _load;
    private long _started;
    private double _meanNodes;

    /// <summary>A controller that has seen nothing.</summary>
    /// <param name="target">Whose rows are planned; not its timed decorator, which needs the planner first.</param>
    /// <param name="options">How it decides.</param>
    /// <exception cref="ArgumentException">The options are out of range.</exception>
    public AdaptivePlanner(ITarget target, ControllerOptions options)
    {
        options.Check();
        _target = target;
        _options = options;
        _latency = new TargetLatency(options.Latency);
        _drafting = new DraftLatencies(options.Speculators);
        Metrics = new ControllerMetrics(options);
        _namespaces = new NamespaceTable(options, Metrics);
        int speculators = options.Speculators.Count;
        (_draftSeconds, _readSeconds, _exploration) = (new double[speculators], new double[speculators], new double[speculators]);
        _reading = new int[speculators];
        (_losses, _probabilities) = (new double[1 << speculators], new double[1 << speculators]);
    }

    /// <summary>What it has counted.</summary>
    public ControllerMetrics Metrics { get; }

    /// <summary>Predicted seconds of a target forward, as learned so far.</summary>
    public double ForwardSeconds(int rows, double context) => _latency.Seconds(rows, context);

    /// <summary>The drafting cost of a speculator, as learned so far.</summary>
    public DraftCost CostOf(int speculator) => _drafting.CostOf(speculator);

    /// <summary>Whether speculation passed in a namespace's last step; open for one that is not known.</summary>
    public GuardState GuardOf(string name) => _namespaces.Find(name)?.Guard ?? GuardState.Open;

    /// <summary>What the last step's batch says of speculation. May be read from any thread, where it can be a mixture of two steps.</summary>
    public SpeculationOutlook Outlook { get; private set; } = SpeculationOutlook.Open;

    /// <summary>Whether a speculator pays beside the others for any sequence of the last step's batch; true for one that is not there. For any thread.</summary>
    public bool Contributes(string speculator)
    {
        for (int i = 0; i < _drafting.Count; i++)
            if (_options.Speculators[i].Name == speculator)
                return (Outlook.Contributors >> i & 1) != 0;
        return true;
    }

    /// <summary>Names of the namespaces that it knows; decoding thread only.</summary>
    public IReadOnlyCollection<string> Namespaces => _namespaces.Names;

    /// <summary>Draft tokens that a namespace's calibration has learned from since the program began: it changes with the calibration.</summary>
    public long CalibrationObservations(string name) => _namespaces.Find(name)?.All.Observations ?? 0;

    /// <summary>A copy of a namespace's calibration, to be stored; null for a namespace that is not known. Decoding thread only.</summary>
    public CalibrationState? SaveCalibration(string name) => _namespaces.Find(name)?.SaveCalibration();

    /// <summary>
    /// Begins a namespace with a stored calibration: that of the speculators that there are; the others begin anew. Decoding thread only.
    /// </summary>
    /// <exception cref="ArgumentException">It holds something else than counts.</exception>
    public void LoadCalibration(string name, CalibrationState state) => _namespaces.Open(name).LoadCalibration(state);

    /// <summary>The calibration of a speculator over all requests of a namespace; decoding thread only.</summary>
    public ConfidenceCalibrator CalibratorOf(string name, int speculator) => _namespaces.Open(name).All.Calibrators[speculator];

    /// <summary>Forgets all that was learned of a namespace; requests that are being decoded keep their own estimates.</summary>
    public void Forget(string name) => _namespaces.Remove(name);

    /// <summary>
    /// Leaves only some speculators to a sequence that has not been planned yet: they are invoked in every step, how far they look ahead and what
    /// is verified stays the controller's decision, and nothing is learned of the others. Until the sequence is released.
    /// </summary>
    /// <param name="sequence">The sequence.</param>
    /// <param name="speculators">Bit mask of their indices; 0 lets nobody draft.</param>
    public void Restrict(DecodeSequence sequence, int speculators) => StateOf(sequence).Only = speculators & ((1 << _drafting.Count) - 1);

    /// <inheritdoc/>
    public void Plan(ReadOnlySpan<DecodeSequence> batch)
    {
        Metrics.GainOverPlain = _account.Gain;
        Metrics.Step();
        _drafting.BeginStep();
        _started = _options.Clock.GetTimestamp();
        Reserve(batch);
        SetPrices(batch);
        var outlook = batch.IsEmpty ? SpeculationOutlook.Open : SpeculationOutlook.None;
        for (int i = 0; i < batch.Length; i++)
        {
            _states[i].Enter(_load);
            PlanSequence(batch[i], _states[i]);
            outlook = outlook.With(_states[i].AtLoad);
        }
        Outlook = outlook;
    }

    /// <inheritdoc/>
    public void Select(ReadOnlySpan<DecodeSequence> batch)
    {
        _selection.Begin(batch.Length, _stride);
        for (int i = 0; i < batch.Length; i++) Compete(batch[i], _states[i], i);
        int kept = _selection.Choose(_prices, _target.MaxDraftNodes);
        for (int i = 0; i < batch.Length; i++) Cut(batch[i], _states[i], i);
        _meanNodes += MeanRate * ((double)kept / Math.Max(1, _account.Decoding) - _meanNodes);
        _account.Drafted(_options.Clock.GetElapsedTime(_started).TotalSeconds, _prices.Seconds(kept));
    }

    /// <inheritdoc/>
    public void OnDrafted(in DraftTiming timing)
    {
        int read = _reading[timing.Speculator];
        if (read > 0) Owe(timing.Speculator, Math.Min(timing.Seconds, _drafting.CostOf(timing.Speculator).PerRead * read) / read);
        _drafting.Observe(timing, read);
    }

    /// <inheritdoc/>
    public void OnForward(int rows, double context, double seconds)
    {
        _account.Forwarded(seconds, _latency.Seconds(rows, context));
        _latency.Observe(rows, context, seconds);
    }

    /// <inheritdoc/>
    public void OnLearned(double seconds) => _account.Learned(seconds);

    /// <inheritdoc/>
    public void OnVerified(DecodeSequence sequence, ReadOnlySpan<int> accepted, int emitted)
    {
        if (!_requests.TryGetValue(sequence.Id, out var state)) return;
        foreach (int node in accepted) Credit(sequence.Draft.Proposers[node]);
        state.Judge(sequence.Tokens, _options.RequestRate);
        _account.Emitted(emitted);
        var guard = state.AtLoad.Guard;
        guard.Learn(_account.LearningSlice);
        int output = sequence.Output.Length;
        Charge(state, Math.Min(1, emitted / state.Traffic.ExpectedLeft(output - emitted, Math.Max(1, sequence.Remaining + emitted))));
        if (state.Invoked != 0) guard.Add(emitted * _account.PlainSlice, _account.SecondsOf(state.Proposed));
        state.KeptPace(sequence.Length);
    }

    /// <inheritdoc/>
    public void Release(DecodeSequence sequence)
    {
        if (!_requests.Remove(sequence.Id, out var state)) return;
        Charge(state, 1);
        state.Namespace.Ended(state.Traffic, sequence.Output.Length);
        _free.Push(state);
    }

    private void Reserve(ReadOnlySpan<DecodeSequence> batch)
    {
        _stride = 1;
        foreach (var sequence in batch) _stride = Math.Max(_stride, sequence.Draft.Capacity);
        if (_states.Length < batch.Length) _states = new RequestState[batch.Length];
        if (_gains.Length < batch.Length * _stride) _gains = new double[batch.Length * _stride];
        if (_pays.Length < _stride) _pays = new bool[_stride];
        Array.Clear(_reading);
        _batch = batch.Length;
        for (int i = 0; i < batch.Length; i++) _states[i] = StateOf(batch[i]);
    }

    // What a speculator took to read text is an investment in the requests whose text it is; they pay it off with what they emit.
    private void Owe(int speculator, double secondsPerToken)
    {
        for (int i = 0; i < _batch; i++) _states[i].Owe(secondsPerToken * _states[i].Reading[speculator]);
        _account.Read(secondsPerToken * _reading[speculator]);
    }

    private void Charge(RequestState state, double part)
    {
        if (state.Debt <= 0) return;
        double seconds = state.Pay(part);
        _account.Charge(seconds);
        state.AtLoad.Guard.Spend(seconds);
    }

    private RequestState StateOf(DecodeSequence sequence)
    {
        if (_requests.TryGetValue(sequence.Id, out var state)) return state;
        if (!_free.TryPop(out state) || state.Capacity != sequence.Draft.Capacity)
            state = new RequestState(_options.Speculators.Count, sequence.Draft.Capacity, PendingDrafts);
        var owner = _namespaces.Open(sequence.Namespace);
        state.Begin(owner, owner.TrafficOf(sequence.Tokens[..sequence.PromptLength]));
        _requests.Add(sequence.Id, state);
        return state;
    }

    // The long-run price of time: what tokens cost now, and never more than plain decoding pays for them.
    private double PricedGain => Math.Clamp(_account.Gain, 1, 32);

    private void SetPrices(ReadOnlySpan<DecodeSequence> batch)
    {
        double context = 0, weight = 0;
        int decoding = 0;
        foreach (var sequence in batch)
        {
            context += sequence.Length;
            if (!_target.CanVerify(sequence)) continue;
            decoding++;
            weight += _options.Weights.Of(sequence.Class);
        }
        var rows = _target.RowsOf(batch);
        context /= Math.Max(1, batch.Length);
        double plain = _latency.Seconds(Math.Max(1, decoding), context);
        _load = BatchLoad.Of(decoding);
        _account.Begin(plain, Math.Max(0, _latency.Seconds(rows.Base, context) - plain), decoding);
        _prices = new RowPrices(_latency, rows, context, plain / (Math.Max(weight, 1e-9) * PricedGain));
    }

    // Whom to invoke for a sequence, and how far each may look ahead.
    private void PlanSequence(DecodeSequence sequence, RequestState state)
    {
        sequence.Shares = state.Shares;
        sequence.Budget = DraftBudget.None;
        state.Shares.Clear();
        (state.Invoked, state.Proposed) = (0, 0);
        Array.Clear(state.Reading);
        if (!_target.CanVerify(sequence) || sequence.Remaining < 2 || state.Only == 0 || !Passes(state)) return;
        Forecast(sequence, state);
        if (state.Only is { } only) Invoke(state, only);
        else Choose(sequence, state);
        for (int i = 0; i < _exploration.Length; i++)
            if ((state.Invoked >> i & 1) != 0)
                Share(sequence, state, i);
    }

    private static bool Passes(RequestState state)
    {
        bool passes = state.AtLoad.Guard.Allows();
        state.Namespace.Guard = state.AtLoad.Guard.State;
        return passes;
    }

    private void Choose(DecodeSequence sequence, RequestState state)
    {
        bool tries = Tries(sequence, state);
        ArmChoice.Exclude(_losses, state.AtLoad.Worth.Redundant);
        ArmChoice.Weigh(_losses, _options.Sharpness, _probabilities);
        state.Declined = ArmChoice.Commit(_probabilities, _draftSeconds, _readSeconds, state.Declined);
        ArmChoice.Observe(_probabilities, _exploration, state.Observation);
        state.Invoked = ArmChoice.Draw(_probabilities, Uniform(sequence, ChoiceStream));
        for (int i = 0; i < _exploration.Length; i++)
            if (tries && state.TrialProbability[i] > 0 ? (state.Tried >> i & 1) != 0 : Uniform(sequence, ChoiceStream + 1 + i) < _exploration[i])
                state.Invoked |= 1 << i;
    }

    // A speculator that has to read the request first is asked at its beginning or hardly at all: what it costs to be asked once is paid for being
    // asked twice, and there is most left to gain. Whether the steps are a trial's; their exploration is the trial's probability then.
    private bool Tries(DecodeSequence sequence, RequestState state)
    {
        if (state.TrialSteps == 0) return false;
        if (state.TrialSteps == RequestState.TrialLength) BeginTrial(sequence, state);
        state.TrialSteps--;
        for (int i = 0; i < _exploration.Length; i++)
            if (state.TrialProbability[i] > 0)
                _exploration[i] = state.TrialProbability[i];
        return true;
    }

    private void BeginTrial(DecodeSequence sequence, RequestState state)
    {
        bool due = state.Traffic.TrialsDue > 0;
        double plain = _account.PlainSlice * state.Traffic.ExpectedLeft(sequence.Output.Length, sequence.Remaining);
        for (int i = 0; i < _exploration.Length; i++)
        {
            if (!_options.Speculators[i].ReadsText || _exploration[i] >= 1) continue;
            double seconds = _readSeconds[i] + RequestState.TrialLength * _draftSeconds[i];
            double probability = Math.Min(1, _options.ExplorationCost * plain / seconds);
            bool must = due && seconds <= DearestTrial * plain && state.Namespace.Trials.TrySpend(seconds / _account.PlainSlice);
            state.TrialProbability[i] = must ? Math.Max(DueTrial, probability) : probability;
            if (must || Uniform(sequence, TrialStream + i) < probability) state.Tried |= 1 << i;
        }
        if (due && state.Tried != 0) state.Traffic.TrialsDue--;
    }

    // Without a choice, what is observed is certain.
    private static void Invoke(RequestState state, int speculators)
    {
        state.Invoked = speculators;
        for (int arm = 0; arm < state.Observation.Length; arm++) state.Observation[arm] = (arm & ~speculators) == 0 ? 1 : 0;
    }

    // Fills losses and exploration for a sequence.
    private void Forecast(DecodeSequence sequence, RequestState state)
    {
        double slice = _account.PlainSlice;
        var own = state.Traffic;
        for (int i = 0; i < _draftSeconds.Length; i++)
        {
            _draftSeconds[i] = DraftSeconds(own, i);
            _readSeconds[i] = _drafting.CostOf(i).PerRead * Unread(sequence, state, i);
            double exploring = Math.Max(_draftSeconds[i] + _readSeconds[i], 1e-9);
            // However rarely it is asked, all that is spent on asking stays the same when there is much to read first.
            double least = _draftSeconds[i] > 0 ? LeastExploration * _draftSeconds[i] / exploring : 0;
            // A first impression of a few drafts may be wrong: while there are no more, asking may cost a multiple.
            double affordable = _options.ExplorationCost * (!_options.Speculators[i].ReadsText && state.AtLoad.Estimates.Observed(1 << i) < FewDrafts ? FewDraftsCost : 1);
            if ((state.AtLoad.Worth.Redundant >> i & 1) != 0) affordable *= RedundantPart;
            // Text that is not read yet is read at a request's beginning (Tries) rather than on the way.
            _exploration[i] = ArmChoice.ReadsFirst(_draftSeconds[i], _readSeconds[i]) ? least : Math.Clamp(affordable * slice / exploring, least, 1);
        }
        var forecast = new StepForecast(_prices, slice, _meanNodes * (_account.Decoding - 1));
        double left = state.Traffic.ExpectedLeft(sequence.Output.Length, sequence.Remaining);
        forecast.Losses(state.Estimates, _draftSeconds, _readSeconds, left, _losses);
    }

    private double DraftSeconds(TrafficState own, int speculator) =>
        _drafting.Seconds(speculator, own.MeanDepth[speculator], own.MeanTokens[speculator], _account.Decoding);

    private int Unread(DecodeSequence sequence, RequestState state, int speculator) =>
        _options.Speculators[speculator].ReadsText ? sequence.Length - state.Read[speculator] : 0;

    // A further token is worth drafting while the probability of its path pays for its draft time and its row.
    private void Share(DecodeSequence sequence, RequestState state, int speculator)
    {
        var own = state.Traffic;
        state.Reading[speculator] = Unread(sequence, state, speculator);
        _reading[speculator] += state.Reading[speculator];
        double rows = Math.Max(4, _meanNodes * _account.Decoding);
        var profile = _options.Speculators[speculator];
        double price = _drafting.SecondsDeeper(speculator, _account.Decoding) / _prices.SecondsPerToken + _prices.Tokens(rows) / rows;
        price /= _options.Weights.Of(sequence.Class);
        var gate = own.Gates[speculator];
        gate.Threshold = (float)Math.Min(price, 1);
        // On average half the price must be met: a confident draft may go deeper than the average one, as its gate says.
        var budget = profile.Budget.Limit(own.Depths[speculator].DeepestPaying(price / 2)) with { Gate = gate };
        state.Shares[speculator] = budget;
        if (_draftSeconds.Length == 1) sequence.Budget = budget;
        Metrics.Of(speculator).Invoke();
    }

    // Calibrates a draft and enters its nodes.
    private void Compete(DecodeSequence sequence, RequestState state, int index)
    {
        int count = state.Proposed = sequence.Draft.Count;
        if (count == 0) return;
        var gains = _gains.AsSpan(index * _stride, count);
        DraftGains.Fill(sequence.Draft, state.Traffic, _options.Weights.Of(sequence.Class), gains);
        for (int node = 0; node < count; node++) _selection.Add(index, node, gains[node]);
    }

    // Freezes all that was proposed and cuts the draft to what is verified.
    private void Cut(DecodeSequence sequence, RequestState state, int index)
    {
        if (state.Invoked == 0) return;
        var draft = sequence.Draft;
        int count = draft.Count;
        var kept = _selection.Kept(index, count);
        var gains = _gains.AsSpan(index * _stride, count);
        for (int node = 0; node < count; node++) _pays[node] = gains[node] >= _selection.Cutoff;
        var frozen = state.Freeze();
        frozen.Freeze(draft, sequence.Length, _load, state.Invoked, _pays);
        state.Observation.CopyTo(frozen.Observation);
        Price(frozen, state.Traffic);
        for (int i = 0; i < _draftSeconds.Length; i++)
            if ((state.Invoked >> i & 1) != 0)
                CountProposals(draft, state.Traffic, i, kept);
        draft.Keep(kept);
        _account.Propose(count);
        Metrics.LookedAhead(draft.Depth);
    }

    // In plain steps: what was paid for the draft, and what it may save.
    private void Price(FrozenDraft frozen, TrafficState own)
    {
        double slice = _account.PlainSlice, rows = Math.Max(1, _meanNodes * _account.Decoding);
        for (int i = 0; i < _draftSeconds.Length; i++) frozen.Costs[i] = DraftSeconds(own, i) / slice;
        frozen.Price(_prices.Added(rows) / (rows * slice), 1 / PricedGain);
    }

    private void CountProposals(DraftTree draft, TrafficState own, int speculator, ReadOnlySpan<bool> kept)
    {
        int tokens = 0, depth = 0;
        var proposers = draft.Proposers;
        var depths = draft.Depths;
        var metrics = Metrics.Of(speculator);
        for (int node = 0; node < proposers.Length; node++)
        {
            if ((proposers[node] >> speculator & 1) == 0) continue;
            tokens++;
            depth = Math.Max(depth, depths[node]);
            metrics.Propose(kept[node]);
        }
        own.MeanDepth[speculator] += MeanRate * (depth - own.MeanDepth[speculator]);
        own.MeanTokens[speculator] += MeanRate * (tokens - own.MeanTokens[speculator]);
    }

    private void Credit(int proposers)
    {
        for (int i = 0; i < _draftSeconds.Length; i++)
            if ((proposers >> i & 1) != 0)
                Metrics.Of(i).Accept(alone: proposers == 1 << i);
    }

    private double Uniform(DecodeSequence sequence, int stream) =>
        CounterRandom.Uniform(_options.Seed + (ulong)sequence.Id * 0x9E3779B97F4A7C15UL, sequence.Length, stream);
}
