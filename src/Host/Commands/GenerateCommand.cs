using System.CommandLine;
using Atlas.Core.Decoding;
using Atlas.Host.CommandLine;
using Atlas.Host.Generation;
using Atlas.Host.Models;
using Atlas.Host.Speculation;
using Atlas.Modeling;
using Atlas.Modeling.Engine;
using Atlas.Modeling.Tokenization;
using Atlas.Trainer.Online;

namespace Atlas.Host.Commands;

/// <summary><c>atlas generate</c>: streams one completion and says what speculation did for it.</summary>
internal static class GenerateCommand
{
    private const int LeastContext = 128;

    public static Command Create()
    {
        var models = new ModelOptions();
        var prompt = new PromptOptions();
        var sampling = new SamplingOptionSet();
        var speculation = new SpeculationOptionSet();
        var maxTokens = WholeNumber.Option("--max-tokens", 256, 1, "Most tokens emitted.");
        var stop = new Option<string[]>("--stop") { Description = "Ends the text before this string; may be given several times.", HelpName = "text" };
        var ignoreEnd = new Option<bool>("--ignore-end") { Description = "Goes on behind end tokens, up to --max-tokens." };
        var checkpoints = new Option<string?>("--checkpoints")
        {
            Description = "Directory where what is learned is kept: weights, suffix stores, calibration. The next run continues with it.",
            HelpName = "dir",
        };
        var json = new Option<bool>("--json") { Description = "Ends with one line that holds a JSON object instead of streaming the text." };

        var command = new Command("generate", "Streams a completion; ends with tokens per second, acceptance length and forwards saved.");
        prompt.AddTo(command);
        models.AddTo(command);
        speculation.AddTo(command);
        sampling.AddTo(command);
        foreach (Option option in (Option[])[maxTokens, stop, ignoreEnd, checkpoints, json]) command.Add(option);
        command.SetAction(parsed =>
        {
            var chosen = models.Choice(parsed);
            using var pair = ModelPair.Open(chosen);
            var choice = speculation.Read(parsed, pair.HasDraft);
            int[] tokens = prompt.Read(parsed, pair);
            int limit = FitContext(pair, tokens.Length, parsed.GetValue(maxTokens));
            string[] stops = parsed.GetValue(stop) ?? [];
            if (stops.Contains("")) throw new UsageException("--stop is empty; expected at least one character");
            if (stops.Length > 0) pair.RequireTokenizer();
            var text = pair.Tokenizer is null ? null : new TextStream(pair.Tokenizer, stops);
            var rules = new StopRules(limit, parsed.GetValue(ignoreEnd) ? [] : pair.Config.EndTokens, text);
            var options = sampling.Read(parsed, pair.Config.VocabularySize);
            using var engine = models.Engine.Create(parsed);
            pair.Load(engine, CacheSizes(chosen, pair.Config, tokens.Length + limit), choice.UsesDraftModel);
            var learning = new OnlineTrainerOptions { CheckpointDirectory = parsed.GetValue(checkpoints) };
            using var stack = new StackFactory(engine, pair).Create(choice, new StackOptions { Trainer = learning });
            var sequence = new DecodeSequence(0, tokens, options, rules, stack.DraftCapacity);
            if (choice.Rejection) sequence.KeepDistributions(pair.Config.VocabularySize);
            var run = new GenerationRun(stack, sequence, text);
            run.Decode(parsed.GetValue(json) ? null : Console.Out);
            stack.Memory?.Save();
            if (parsed.GetValue(json)) GenerationReport.WriteJson(run, tokens, Console.Out);
            else GenerationReport.WriteText(run, Console.Out);
        });
        return command;
    }

    private static int FitContext(ModelPair pair, int promptTokens, int maxTokens)
    {
        int context = pair.Config.ContextLength;
        if (promptTokens >= context)
            throw new UsageException(
                $"the prompt has {promptTokens} tokens; expected at most {context - 1}, as the context of {pair.TargetDirectory} holds {context}");
        return Math.Min(maxTokens, context - promptTokens);
    }

    // Latencies are measured on two sequences, behind some context.
    private static DecoderOptions CacheSizes(ModelChoice choice, ModelConfig config, int context) => new()
    {
        Format = choice.Format,
        ContextLength = Math.Max(context, Math.Min(config.ContextLength, LeastContext)),
        MaxSequences = 2,
    };
}
