namespace Atlas.Host.Tests.Serve;

/// <summary>What a target wrote, and what a head beside it drafted on the way.</summary>
/// <param name="Tokens">Prompt and completion.</param>
/// <param name="PromptTokens">Tokens of the prompt.</param>
/// <param name="States">The states that the completion's tokens were drawn from.</param>
/// <param name="Drafts">Behind each of these tokens, the head's chain; empty where there was no head.</param>
public sealed record StatedCompletion(int[] Tokens, int PromptTokens, float[][] States, int[][] Drafts);
