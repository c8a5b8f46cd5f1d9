using System.Diagnostics;
using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Core.Sampling;
using Atlas.Evaluation.Benchmarks;
using Atlas.Evaluation.Comparison;
using Atlas.Host.CommandLine;
using Atlas.Host.Demo;
using Atlas.Host.Models;
using Atlas.Host.Speculation;
using Atlas.Modeling.Engine;

namespace Atlas.Host.Bench.Serving;

/// <summary>
/// Measures generation through the service, plain and with all speculators, in turns over the same requests; and plain decoding in process
/// beside the same through the socket. What both write must be the same.
/// </summary>
/// <param name="engine">Where models run.</param>
/// <param name="models">Which.</param>
/// <param name="requests">Requests of a turn at each number of requests at once.</param>
/// <param name="maxTokens">Most tokens of a request.</param>
internal sealed class GenerationBench(IComputeEngine engine, ModelChoice models, int requests, int maxTokens)
{
    private const int Rounds = 3;
    private static readonly int[] Levels = [1, 4, 8, 16];

    /// <summary>Measures.</summary>
    /// <exception cref="InvalidOperationException">Speculation changed a token.</exception>
    public async Task<GenerationFigures> MeasureAsync()
    {
        using var pair = ModelPair.Open(models);
        var draws = new DemoRequests(pair, SamplingOptions.Greedy, maxTokens);
        string[] domains = [.. DemoOptionSet.Known(pair)];
        int context = pair.Config.ContextLength, most = Levels[^1];
        double overhead;
        await using (var plain = await ServedPair.StartAsync(engine, models, StrategyNames.None, context, most).ConfigureAwait(false))
        await using (var atlas = await ServedPair.StartAsync(engine, models, StrategyNames.Auto, context, most).ConfigureAwait(false))
        {
            overhead = await OverheadAsync(pair, plain, Draw(draws, domains)).ConfigureAwait(false);
            double batch8 = await Batch8Async(plain, draws, domains).ConfigureAwait(false);
            var ratios = new Dictionary<int, double>();
            foreach (int atOnce in Levels) ratios[atOnce] = await RatioAsync(plain, atlas, draws, domains, atOnce).ConfigureAwait(false);
            return new GenerationFigures(overhead, batch8, ratios);
        }
    }

    private EvaluationRequest[] Draw(DemoRequests draws, string[] domains) =>
        [.. Enumerable.Range(0, requests).Select(i => draws.Next(domains[i % domains.Length]))];

    // The same requests decoded in process and through the socket, in turns; the difference of the medians, per token.
    private async Task<double> OverheadAsync(ModelPair pair, ServedPair served, EvaluationRequest[] drawn)
    {
        pair.Load(engine, new DecoderOptions { Format = models.Format, ContextLength = pair.Config.ContextLength, MaxSequences = 2 }, withDraft: false);
        using var stack = new StackFactory(engine, pair).Create(new SpeculationChoice(StrategyNames.None, DraftBudget.None));
        List<double> inside = [], through = [];
        for (int round = -1; round < Rounds; round++)
            foreach (var request in drawn)
            {
                var (tokens, seconds) = Decode(stack, pair, request);
                var turn = await served.TurnAsync([request], 1).ConfigureAwait(false);
                Check(turn.Outputs[0], tokens);
                if (round < 0 || turn.Tokens == 0) continue;
                inside.Add(seconds / turn.Tokens);
                through.Add(turn.Seconds / turn.Tokens);
            }
        return (Percentiles.Median(through) - Percentiles.Median(inside)) * 1e6;
    }

    // Seconds from the first token to the last.
    private static (int[] Tokens, double Seconds) Decode(DecodingStack stack, ModelPair pair, EvaluationRequest request)
    {
        var sequence = new DecodeSequence(1, request.Prompt, request.Sampling, new StopRules(request.MaxTokens, pair.Config.EndTokens), stack.DraftCapacity);
        DecodeSequence[] batch = [sequence];
        while (sequence.Output.Length == 0 && sequence.Finish is null) stack.Decoder.Step(batch);
        long first = Stopwatch.GetTimestamp();
        while (sequence.Finish is null) stack.Decoder.Step(batch);
        double seconds = Stopwatch.GetElapsedTime(first).TotalSeconds;
        stack.Decoder.Release(sequence);
        return (sequence.Output.ToArray(), seconds);
    }

    // From the first token of a turn to its last, with the prompts of all but the first; new requests in every turn, none of whose prompts is kept.
    private async Task<double> Batch8Async(ServedPair plain, DemoRequests draws, string[] domains)
    {
        double one = 0, eight = 0;
        for (int round = -1; round < Rounds; round++)
        {
            var alone = await plain.TurnAsync(Draw(draws, domains), 1).ConfigureAwait(false);
            var together = await plain.TurnAsync(Draw(draws, domains), 8).ConfigureAwait(false);
            if (round < 0) continue;
            one += alone.Tokens / alone.Seconds;
            eight += together.Tokens / together.Seconds;
        }
        return eight / one;
    }

    // New requests in every round, which both decode; whoever is first changes from round to round.
    private async Task<double> RatioAsync(ServedPair plain, ServedPair atlas, DemoRequests draws, string[] domains, int atOnce)
    {
        double plainTokens = 0, plainSeconds = 0, atlasTokens = 0, atlasSeconds = 0;
        for (int round = -1; round < Rounds; round++)
        {
            var drawn = Draw(draws, domains);
            bool first = (round & 1) == 0;
            var before = await (first ? plain : atlas).TurnAsync(drawn, atOnce).ConfigureAwait(false);
            var after = await (first ? atlas : plain).TurnAsync(drawn, atOnce).ConfigureAwait(false);
            for (int i = 0; i < drawn.Length; i++) Check(after.Outputs[i], before.Outputs[i]);
            if (round < 0) continue;
            var (own, other) = first ? (before, after) : (after, before);
            (plainTokens, plainSeconds) = (plainTokens + own.Tokens, plainSeconds + own.Seconds);
            (atlasTokens, atlasSeconds) = (atlasTokens + other.Tokens, atlasSeconds + other.Seconds);
        }
        return atlasTokens / atlasSeconds / (plainTokens / plainSeconds);
    }

    private void Check(int[] written, int[] expected)
    {
        if (engine.Info.BatchInvariant && !written.AsSpan().SequenceEqual(expected))
            throw new InvalidOperationException("a request was answered with other tokens than before; expected the same whatever drafts");
    }
}
