using System.Text.Json;

namespace Aistrale.Sandbox.Scripting;

internal sealed record ToolDeclaration(string Name, JsonElement? Schema);

/// <summary>What a request asks for, whatever its wire format. Elements live as long as the request's document.</summary>
internal sealed class Ask
{
    /// <summary>The model without directives.</summary>
    public string Model { get; set; } = "";

    public bool Stream { get; set; }

    /// <summary>Chat Completions only: the caller wants a chunk with the token counts.</summary>
    public bool IncludeUsage { get; set; }

    /// <summary>The last user message that has text.</summary>
    public string UserText { get; set; } = "";

    public long Characters { get; set; }
    public int Messages { get; set; }
    public List<ToolDeclaration> Tools { get; } = [];
    public bool ForcesTool { get; set; }
    public string? ForcedTool { get; set; }
    public bool OneToolAtMost { get; set; }
    public bool EndsWithToolResult { get; set; }
    public bool WantsJson { get; set; }
    public JsonElement? JsonSchema { get; set; }
    public int? MaxTokens { get; set; }
    public List<string> Stops { get; } = [];
    public int Choices { get; set; } = 1;
    public string? ServiceTier { get; set; }
    public JsonElement Body { get; set; }

    /// <summary>One token per four characters, and a fixed share for the frame of the request and of each message.</summary>
    public long InputTokens => ((Characters + 3) / 4) + 3 + (4L * Messages);
}
