using System.Buffers;
using Aistrale.Contracts;
using Microsoft.Extensions.AI;

namespace Aistrale.Core.Inference.Dialects.Console;

/// <summary>A run from the console: <c>POST /api/inference/run</c> and <c>/stream</c>. No provider speaks it, so it always takes the translated lane.</summary>
public sealed class ConsoleRequest : IDialectRequest
{
    private readonly CanonicalRequest _canonical;

    private ConsoleRequest(string model, bool stream, CanonicalRequest canonical)
    {
        Model = model;
        Stream = stream;
        _canonical = canonical;
    }

    public Dialect Dialect => Dialect.Console;

    public string Model { get; }

    public bool Stream { get; }

    public int? MaxOutputTokens => _canonical.Options.MaxOutputTokens;

    public long EstimatedInputTokens => _canonical.Messages.Sum(message => (message.Text.Length + 3L) / 4 + 4);

    public bool WantsStreamUsage => true;

    public static Outcome<ConsoleRequest> Read(InferenceRunRequest request, bool stream)
    {
        if (Unsupported(request) is { } field)
        {
            return new Failure(ErrorCodes.UnsupportedParameter, $"{field} is not available yet. Leave it out.", field);
        }

        if (request.Model.Any(char.IsControl))
        {
            return new Failure(ErrorCodes.ValidationFailed, "The model's name holds a control character. Choose a model from the list.", "model");
        }

        List<ChatMessage> messages = [];
        if (!string.IsNullOrWhiteSpace(request.System))
        {
            messages.Add(new ChatMessage(ChatRole.System, request.System));
        }

        foreach (var message in request.Messages ?? [])
        {
            // JSON can say null for a message or its content, whatever the record's types say.
            if (message is not { Content: not null } || Role(message.Role) is not { } role)
            {
                return new Failure(ErrorCodes.ValidationFailed, "A message has content and a role, which is system, user or assistant.", "messages");
            }

            messages.Add(new ChatMessage(role, message.Content));
        }

        if (!string.IsNullOrEmpty(request.Input))
        {
            messages.Add(new ChatMessage(ChatRole.User, request.Input));
        }

        if (messages.All(message => message.Role != ChatRole.User || string.IsNullOrWhiteSpace(message.Text)))
        {
            return new Failure(ErrorCodes.ValidationFailed, "Write a message first: give input, or messages with at least one from the user.", "messages");
        }

        var options = Options(request.Parameters);
        return options.Failure is { } invalid ? invalid : new ConsoleRequest(request.Model.Trim(), stream, new CanonicalRequest(messages, options.Value, []));
    }

    public void WriteNative(IBufferWriter<byte> output, string upstreamModel) => throw new NotSupportedException("No provider speaks the console's dialect.");

    public Outcome<CanonicalRequest> Translate() => _canonical;

    IAnswerWriter IDialectRequest.CreateWriter() => new ConsoleWriter();

    private static string? Unsupported(InferenceRunRequest request) => request switch
    {
        { ConversationId: not null } => "conversationId",
        { PromptId: not null } => "promptId",
        { PromptVersion: not null } => "promptVersion",
        { Variables.Count: > 0 } => "variables",
        { Fallbacks.Count: > 0 } => "fallbacks",
        { Parameters.Tools: not null } => "parameters.tools",
        { Parameters.ResponseFormat: not null } => "parameters.responseFormat",
        _ => null,
    };

    private static ChatRole? Role(string role) => role switch
    {
        "system" => ChatRole.System,
        "user" => ChatRole.User,
        "assistant" => ChatRole.Assistant,
        _ => null,
    };

    private static Outcome<ChatOptions> Options(InferenceParameters? parameters)
    {
        if (parameters is null)
        {
            return new ChatOptions();
        }

        if (parameters.MaxTokens is < 1)
        {
            return new Failure(ErrorCodes.ValidationFailed, "maxTokens must be at least 1.", "parameters.maxTokens");
        }

        if (parameters.Temperature is < 0 or > 2 || parameters.TopP is < 0 or > 1)
        {
            return new Failure(ErrorCodes.ValidationFailed, "temperature lies between 0 and 2, topP between 0 and 1.", "parameters");
        }

        if (parameters.Stop?.Any(string.IsNullOrEmpty) is true)
        {
            return new Failure(ErrorCodes.ValidationFailed, "A stop sequence is at least one character.", "parameters.stop");
        }

        ReasoningEffort? effort = null;
        if (parameters.ReasoningEffort is { } text && (effort = ReasoningEfforts.Parse(text)) is null)
        {
            return new Failure(ErrorCodes.ValidationFailed, "reasoningEffort is none, low, medium, high or xhigh.", "parameters.reasoningEffort");
        }

        return new ChatOptions
        {
            Temperature = (float?)parameters.Temperature,
            TopP = (float?)parameters.TopP,
            MaxOutputTokens = parameters.MaxTokens,
            StopSequences = parameters.Stop is { Count: > 0 } stop ? [.. stop] : null,
            Seed = parameters.Seed,
            Reasoning = effort is null ? null : new ReasoningOptions { Effort = effort },
        };
    }
}
