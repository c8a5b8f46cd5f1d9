using Atlas.Protocol.Messages;

namespace Atlas.Host.Service.Http.OpenAi;

/// <summary>A call of one of the two endpoints, read.</summary>
/// <param name="Parameters">What is to be generated; its prompt is token ids.</param>
/// <param name="IsChat">Whether it came as messages, and is answered as one.</param>
/// <param name="IncludeUsage">Whether a stream ends with what was used.</param>
internal sealed record OpenAiRequest(GenerateParams Parameters, bool IsChat, bool IncludeUsage);
