namespace Aistrale.Core.Inference.Dialects;

/// <summary>A wire format that callers speak.</summary>
public enum Dialect
{
    /// <summary>Aistrale's own console API.</summary>
    Console,

    /// <summary>OpenAI's Chat Completions.</summary>
    ChatCompletions,

    /// <summary>OpenAI's Responses.</summary>
    Responses,

    /// <summary>Anthropic's Messages.</summary>
    Messages,
}

public static class DialectNames
{
    /// <summary>As it stands in a usage record.</summary>
    public static string Name(this Dialect dialect) => dialect switch
    {
        Dialect.ChatCompletions => "chat_completions",
        Dialect.Responses => "responses",
        Dialect.Messages => "messages",
        _ => "console",
    };
}
