using Atlas.Host.Tests.Running;

namespace Atlas.Host.Tests.Refusals;

/// <summary>Command lines that ask for nothing sensible are refused in one line that names the option, with exit code 2.</summary>
public sealed class UsageRefusalTests(TinyPair pair) : IClassFixture<TinyPair>
{
    [Theory]
    [InlineData("--temperature -1", "temperature", "-1")]
    [InlineData("--temperature NaN", "temperature")]
    [InlineData("--temperature 0,5", "--temperature", "0,5")]
    [InlineData("--temperature", "--temperature")]
    [InlineData("--temperature 1 --temperature 2", "--temperature")]
    [InlineData("--top-p 0", "top-p")]
    [InlineData("--top-p 1.5", "top-p")]
    [InlineData("--top-k -1", "top-k")]
    [InlineData("--top-k many", "--top-k", "many")]
    [InlineData("--min-p 2", "min-p")]
    [InlineData("--repetition-penalty 0", "repetition penalty")]
    [InlineData("--frequency-penalty Infinity", "frequency penalty")]
    [InlineData("--presence-penalty x", "--presence-penalty", "x")]
    [InlineData("--seed -1", "--seed", "-1")]
    [InlineData("--max-tokens 0", "--max-tokens", "1 or more")]
    [InlineData("--max-tokens few", "--max-tokens", "few")]
    [InlineData("--lookahead 0", "--lookahead", "1 to 64")]
    [InlineData("--lookahead 65", "--lookahead", "65")]
    [InlineData("--lookahead x", "--lookahead", "x")]
    [InlineData("--branches 9", "--branches", "1 to 8")]
    [InlineData("--nodes 0", "--nodes", "1 to 128")]
    [InlineData("--nodes x", "--nodes", "x")]
    [InlineData("--min-confidence 1", "--min-confidence")]
    [InlineData("--threads -1", "--threads")]
    [InlineData("--dtype fp4", "fp4", "int8")]
    [InlineData("--speculator suffixes", "suffixes", "static")]
    [InlineData("--engine tpu", "tpu", "cpu")]
    [InlineData("--verification rejection --branches 2", "--verification rejection", "--branches")]
    [InlineData("--verification rejection --speculator auto", "--verification rejection", "auto")]
    [InlineData("--logit-bias 5", "--logit-bias", "id=value")]
    [InlineData("--logit-bias 5=1,5", "--logit-bias", "5=1,5")]
    [InlineData("--logit-bias five=1", "--logit-bias", "five=1")]
    [InlineData("--logit-bias -5=1", "--logit-bias", "-5=1")]
    [InlineData("--logit-bias 100000=1", "100000")]
    [InlineData("--logit-bias 5=NaN", "token 5")]
    [InlineData("--allowed-tokens 100000", "--allowed-tokens", "100000")]
    [InlineData("--allowed-tokens a", "--allowed-tokens", "a")]
    [InlineData("--prompt-tokens 1,2", "more than once")]
    [InlineData("--prompt-file /no/such/file", "more than once")]
    [InlineData("--unknown", "--unknown")]
    [InlineData("--jsn", "--jsn")]
    [InlineData("--temprature 0.5", "--temprature")]
    [InlineData("another", "more than once")]
    [InlineData("one two", "two")]
    public void Generate_refuses(string options, params string[] mentions) =>
        AtlasProgram.Run(["generate", "--target", pair.Target, "--draft", pair.Draft, "--prompt", "Add 1.", .. options.Split(' ')]).Refused(mentions);

    [Theory]
    [InlineData("--jsn")]
    [InlineData("--prompt-tokens=", "--prompt-tokens")]
    [InlineData("--prompt-tokens=1,,2", "--prompt-tokens")]
    [InlineData("--prompt-tokens=1,-2", "--prompt-tokens", "-2")]
    [InlineData("--prompt-tokens=1,99999", "--prompt-tokens", "99999")]
    [InlineData("--prompt-file=/no/such/file", "--prompt-file", "/no/such/file")]
    [InlineData("--prompt=", "--prompt")]
    [InlineData("-", "empty")]
    [InlineData("--speculator=static", "--draft")]
    public void Generate_refuses_for_want_of_a_prompt_or_a_draft_model(string option, params string[] mentions) =>
        AtlasProgram.Run("generate", "--target", pair.Target, option).Refused(mentions);

    [Theory]
    [InlineData("--prompt", "")]
    [InlineData("")]
    public void An_empty_prompt_is_refused(params string[] prompt) =>
        AtlasProgram.Run(["generate", "--target", pair.Target, .. prompt]).Refused("the prompt is empty");

    [Fact]
    public void An_empty_stop_string_is_refused() =>
        AtlasProgram.Run("generate", "--target", pair.Target, "--prompt", "a", "--stop", "").Refused("--stop");

    [BuildWithoutTorchFact]
    public void The_torch_engine_is_refused_with_the_property_that_a_build_needs() =>
        AtlasProgram.Run("generate", "--target", pair.Target, "--prompt", "a", "--engine", "torch").Refused("--engine torch", "AtlasTorch");

    [Fact]
    public void Commands_that_are_not_there_and_none_at_all_are_refused()
    {
        AtlasProgram.Run("generat", "a").Refused("generat");
        AtlasProgram.Run().Refused();
        AtlasProgram.Run("inspect").Refused();
        AtlasProgram.Run("pretrain", "--text", "a.txt").Refused("--out");
    }

    [Theory]
    [InlineData("--width 30 --heads 4", "--width 30", "--heads 4")]
    [InlineData("--heads 4 --kv-heads 3", "--heads is 4", "--kv-heads 3")]
    [InlineData("--layers 0", "--layers", "1 or more")]
    [InlineData("--rounds 0", "--rounds")]
    [InlineData("--dtype f64", "f64")]
    [InlineData("--dtype f16", "f16")]
    [InlineData("--context 0", "--context is 0")]
    [InlineData("--context 2000000000", "--context is 2000000000", "1 to 1048576")]
    [InlineData("--vocabulary many", "--vocabulary is 'many'")]
    [InlineData("--threads 5000", "--threads is 5000")]
    [InlineData("--layers 2000000000", "--layers 2000000000", "GB", "memory")]
    [InlineData("--ffn 2000000000", "--ffn 2000000000", "GB", "memory")]
    public void Bench_refuses(string options, params string[] mentions) => AtlasProgram.Run(["bench", .. options.Split(' ')]).Refused(mentions);

    [Theory]
    [InlineData("--requests 0", "--requests")]
    [InlineData("--verification rejection", "--verification")]
    [InlineData("--temperature -1", "temperature")]
    [InlineData("--surprise", "--surprise")]
    public void Demo_refuses(string options, params string[] mentions) =>
        AtlasProgram.Run(["demo", "--target", pair.Target, "--draft", pair.Draft, .. options.Split(' ')]).Refused(mentions);

    [Fact]
    public void Demo_refuses_a_target_without_a_draft_model() => AtlasProgram.Run("demo", "--target", pair.Target).Refused("--draft");
}
