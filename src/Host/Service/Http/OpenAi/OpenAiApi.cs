using System.Text.Json;
using System.Text.Json.Nodes;
using Atlas.Host.Service.Generation;
using Atlas.Protocol.Messages;
using Atlas.Protocol.Rpc;
using Microsoft.AspNetCore.Http;

namespace Atlas.Host.Service.Http.OpenAi;

/// <summary>
/// <c>/v1/models</c>, <c>/v1/completions</c> and <c>/v1/chat/completions</c> as OpenAI's clients speak them, whole or as server-sent events. A
/// client that goes away cancels its generation. Thread-safe.
/// </summary>
internal sealed class OpenAiApi
{
    private readonly GenerationService _generation;
    private readonly OpenAiReader? _reader;

    /// <summary>The endpoints over a service that generates.</summary>
    public OpenAiApi(GenerationService generation, ChatTemplate template)
    {
        _generation = generation;
        if (generation.Tokenizer is { } tokenizer) _reader = new OpenAiReader(tokenizer, generation.Name, generation.ContextLength, template);
    }

    /// <summary>Answers a call below <c>/v1/</c>; false where there is no such endpoint.</summary>
    public async Task<bool> TryAnswerAsync(HttpContext context)
    {
        string path = context.Request.Path.Value ?? "";
        bool post = HttpMethods.IsPost(context.Request.Method);
        switch (path)
        {
            case "/v1/models" when !post:
                await WriteAsync(context, StatusCodes.Status200OK, new JsonObject { ["object"] = "list", ["data"] = new JsonArray(Model()) }).ConfigureAwait(false);
                return true;
            case "/v1/completions" or "/v1/chat/completions" when post:
                await CompleteAsync(context, chat: path == "/v1/chat/completions").ConfigureAwait(false);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Answers with an error.</summary>
    public static Task RefuseAsync(HttpContext context, RpcError error)
    {
        int status = StatusOf(error.Code);
        return WriteAsync(context, status, OpenAiWriter.Error(error, status));
    }

    private static int StatusOf(string code) => code switch
    {
        RpcErrorCode.Unauthorized => StatusCodes.Status401Unauthorized,
        RpcErrorCode.Overloaded => StatusCodes.Status429TooManyRequests,
        RpcErrorCode.Draining or RpcErrorCode.Cancelled => StatusCodes.Status503ServiceUnavailable,
        RpcErrorCode.Internal => StatusCodes.Status500InternalServerError,
        _ => StatusCodes.Status400BadRequest,
    };

    private static RpcError ErrorOf(Exception e) => e is RpcException known
        ? known.Error
        : new RpcError { Code = e is OperationCanceledException ? RpcErrorCode.Cancelled : RpcErrorCode.Internal, Message = e.Message };

    private static async Task WriteAsync(HttpContext context, int status, JsonObject answer)
    {
        byte[] body = OpenAiWriter.Bytes(answer);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted).ConfigureAwait(false);
    }

    private JsonObject Model() => new()
    {
        ["id"] = _generation.Name,
        ["object"] = "model",
        ["created"] = 0,
        ["owned_by"] = "atlas",
        ["max_model_len"] = _generation.ContextLength,
    };

    private async Task CompleteAsync(HttpContext context, bool chat)
    {
        try
        {
            var request = await ReadAsync(context, chat).ConfigureAwait(false);
            var writer = new OpenAiWriter(_generation.Tokenizer!, _generation.Name, chat);
            if (request.Parameters.Stream)
            {
                await StreamAsync(context, request, writer).ConfigureAwait(false);
                return;
            }
            var result = await _generation.GenerateAsync(request.Parameters, new PieceQueue(), context.RequestAborted).ConfigureAwait(false);
            await WriteAsync(context, StatusCodes.Status200OK, writer.Whole(result, request.Parameters.Logprobs >= 0)).ConfigureAwait(false);
        }
        catch (Exception e) when (!context.RequestAborted.IsCancellationRequested && !context.Response.HasStarted)
        {
            await RefuseAsync(context, ErrorOf(e)).ConfigureAwait(false);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to be told.
        }
    }

    private async Task<OpenAiRequest> ReadAsync(HttpContext context, bool chat)
    {
        if (_reader is null)
            throw new RpcException(RpcErrorCode.NotSupported, "the target has no tokenizer.json; expected generate with token ids over MessagePack-RPC");
        try
        {
            using var body = await JsonDocument.ParseAsync(context.Request.Body, default, context.RequestAborted).ConfigureAwait(false);
            return _reader.Read(body.RootElement, chat);
        }
        catch (JsonException e)
        {
            throw RpcException.Invalid("", $"the body is no JSON: {e.Message}");
        }
        catch (BadHttpRequestException e)
        {
            throw RpcException.Invalid("", e.Message);
        }
    }

    private async Task StreamAsync(HttpContext context, OpenAiRequest request, OpenAiWriter writer)
    {
        var pieces = new PieceQueue();
        var running = RunAsync(request.Parameters, pieces, context.RequestAborted);
        // What is refused before the first token is refused as such.
        if (!await pieces.WaitAsync(context.RequestAborted).ConfigureAwait(false)) await running.ConfigureAwait(false);
        context.Response.ContentType = "text/event-stream; charset=utf-8";
        context.Response.Headers.CacheControl = "no-cache";
        do
        {
            while (pieces.TryTake() is { } piece) await EventAsync(context, writer.Chunk(piece)).ConfigureAwait(false);
            await context.Response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
        }
        while (await pieces.WaitAsync(context.RequestAborted).ConfigureAwait(false));
        try
        {
            var result = await running.ConfigureAwait(false);
            for (int i = 0; i < result.Choices.Count; i++) await EventAsync(context, writer.Last(result.Choices[i])).ConfigureAwait(false);
            if (request.IncludeUsage) await EventAsync(context, writer.UsageChunk(result)).ConfigureAwait(false);
        }
        catch (Exception e) when (!context.RequestAborted.IsCancellationRequested)
        {
            var error = ErrorOf(e);
            await EventAsync(context, OpenAiWriter.Error(error, StatusOf(error.Code))).ConfigureAwait(false);
        }
        await context.Response.Body.WriteAsync("data: [DONE]\n\n"u8.ToArray(), context.RequestAborted).ConfigureAwait(false);
    }

    private async Task<GenerateResult> RunAsync(GenerateParams parameters, PieceQueue pieces, CancellationToken cancellation)
    {
        try
        {
            return await _generation.GenerateAsync(parameters, pieces, cancellation).ConfigureAwait(false);
        }
        finally
        {
            pieces.End();
        }
    }

    private static async Task EventAsync(HttpContext context, JsonObject data)
    {
        byte[] text = [.. "data: "u8, .. OpenAiWriter.Bytes(data), .. "\n\n"u8];
        await context.Response.Body.WriteAsync(text, context.RequestAborted).ConfigureAwait(false);
    }
}
