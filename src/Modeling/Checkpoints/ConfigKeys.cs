using System.Text.Json;

namespace Atlas.Modeling.Checkpoints;

/// <summary>Keys of <c>config.json</c> that Atlas does not use: those that change nothing, and those that change nothing at one value.</summary>
internal static class ConfigKeys
{
    /// <summary>
    /// Keys that never change the logits: provenance, training and dropout settings, labels, and the generation defaults that older
    /// transformers versions dump here (sampling is the request's business).
    /// </summary>
    public static readonly IReadOnlySet<string> Harmless = new HashSet<string>
    {
        // Provenance and bookkeeping.
        "_name_or_path", "name_or_path", "_commit_hash", "transformers_version", "model_name", "is_llama_config", "transformers.js_config",
        "unsloth_version", "unsloth_fixed", "tokenizer_class", "vocab_file", "finetuning_task", "task_specific_params", "model_max_length",
        "max_sequence_length", "bos_token", "eos_token", "unk_token", "pad_token",
        // How the weights are kept or run elsewhere.
        "torch_dtype", "dtype", "use_cache", "torchscript", "use_bfloat16", "tf_legacy_loss", "chunk_size_feed_forward", "is_decoder",
        "attn_implementation", "_attn_implementation", "_attn_implementation_autoset", "_attn_implementation_internal",
        "_experts_implementation", "_flash_attn_2_enabled", "use_flash_attention_2", "keys_to_ignore_at_inference",
        // Training only.
        "initializer_range", "attention_dropout", "hidden_dropout", "residual_dropout", "resid_pdrop", "embd_pdrop", "attn_pdrop",
        "mlp_dropout", "classifier_dropout", "gradient_checkpointing", "neftune_noise_alpha", "router_aux_loss_coef",
        // Outputs and labels.
        "return_dict", "output_hidden_states", "output_attentions", "output_scores", "return_dict_in_generate", "use_return_dict",
        "id2label", "label2id", "num_labels", "problem_type",
        // Other special tokens.
        "pad_token_id", "sep_token_id", "unk_token_id", "cls_token_id", "mask_token_id", "decoder_start_token_id", "prefix",
        // Generation defaults.
        "max_length", "min_length", "max_new_tokens", "min_new_tokens", "do_sample", "early_stopping", "num_beams", "num_beam_groups",
        "diversity_penalty", "temperature", "top_k", "top_p", "min_p", "typical_p", "epsilon_cutoff", "eta_cutoff", "repetition_penalty",
        "length_penalty", "no_repeat_ngram_size", "encoder_no_repeat_ngram_size", "bad_words_ids", "num_return_sequences",
        "forced_bos_token_id", "forced_eos_token_id", "remove_invalid_values", "exponential_decay_length_penalty", "suppress_tokens",
        "begin_suppress_tokens", "renormalize_logits", "penalty_alpha", "max_time", "stop_strings", "guidance_scale",
    };

    /// <summary>Keys that are only let through at the value that leaves the model as Atlas computes it (or null).</summary>
    public static readonly IReadOnlyList<FixedKey> Fixed =
    [
        new("hidden_act", "\"silu\"", v => v.ValueKind == JsonValueKind.String && v.ValueEquals("silu")),
        new("pretraining_tp", "1", IsOne),
        new("partial_rotary_factor", "1", IsOne),
        new("rotary_pct", "1", IsOne),
        new("residual_multiplier", "1", IsOne),
        new("embedding_multiplier", "1", IsOne),
        new("logits_scaling", "1", IsOne),
        new("logit_scale", "1", IsOne),
        new("attention_multiplier", "null", Never),
        new("query_pre_attn_scalar", "null", Never),
        new("attn_logit_softcapping", "null", Never),
        new("final_logit_softcapping", "null", Never),
        new("quantization_config", "null (quantized checkpoints are not supported)", Never),
        new("compression_config", "null (quantized checkpoints are not supported)", Never),
        new("attention_chunk_size", "null", Never),
        new("num_experts", "null", Never),
        new("num_local_experts", "null", Never),
        new("rope_interleaved", "false", IsFalse),
        new("use_mrope", "false", IsFalse),
        new("is_encoder_decoder", "false", IsFalse),
        new("add_cross_attention", "false", IsFalse),
        new("cross_attention_hidden_size", "null", Never),
        new("tie_encoder_decoder", "false", IsFalse),
        new("output_router_logits", "false", IsFalse),
        new("pruned_heads", "{}", IsEmpty),
        new("auto_map", "{} (the model would come with code of its own)", IsEmpty),
        new("per_layer_config", "{}", IsEmpty),
    ];

    private static bool IsOne(JsonElement v) => v.ValueKind == JsonValueKind.Number && v.TryGetDouble(out double x) && x == 1;

    private static bool IsFalse(JsonElement v) => v.ValueKind == JsonValueKind.False;

    private static bool IsEmpty(JsonElement v) => v.ValueKind == JsonValueKind.Object && !v.EnumerateObject().Any();

    private static bool Never(JsonElement v) => false;
}
