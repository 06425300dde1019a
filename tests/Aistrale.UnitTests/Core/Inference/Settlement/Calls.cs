using System.Collections.Frozen;
using System.Text;
using Aistrale.Contracts;
using Aistrale.Core.Inference;
using Aistrale.Core.Inference.Dialects;
using Aistrale.Core.Inference.Dialects.ChatCompletions;
using Aistrale.Core.Inference.Dialects.Console;
using Aistrale.Core.Inference.Providers;
using Aistrale.Core.Inference.Routing;
using Aistrale.Core.Keys;
using Aistrale.Core.Tokens;

namespace Aistrale.UnitTests.Core.Inference.Settlement;

/// <summary>Calls, callers and targets as the engine meets them.</summary>
internal static class Calls
{
    public static readonly DateTimeOffset Now = new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);
    public static readonly Guid Id = new("019a0000-0000-7000-8000-000000000001");
    public static readonly Guid WorkspaceId = new("019a0000-0000-7000-8000-00000000aaaa");
    public static readonly Guid UserId = new("019a0000-0000-7000-8000-00000000bbbb");
    public static readonly Guid KeyId = new("019a0000-0000-7000-8000-00000000cccc");
    public static readonly Guid TokenId = new("019a0000-0000-7000-8000-00000000dddd");

    public static ProviderFactory Providers { get; } =
        new([new OpenAIProvider(), new AnthropicProvider(), new GeminiProvider(), new GroqProvider(), new HuggingFaceProvider(), new CustomProvider()]);

    public static ChatCompletionsRequest Chat(string body) => ChatCompletionsRequest.Read(Encoding.UTF8.GetBytes(body)).Value;

    public static ChatCompletionsRequest Chat(string model, bool stream, bool usage = true) => Chat(
        $$"""{"model":"{{model}}","stream":{{(stream ? "true" : "false")}},"stream_options":{"include_usage":{{(usage ? "true" : "false")}}},"messages":[{"role":"user","content":"Hi"}]}""");

    public static ConsoleRequest Console(string model, bool stream) => ConsoleRequest.Read(new InferenceRunRequest(model, Input: "Hi"), stream).Value;

    public static KeyEntry Key(string[]? models = null, string[]? providers = null) => new(
        KeyId, WorkspaceId, UserId, "test", FrozenSet.Create("inference"), models?.ToFrozenSet(StringComparer.OrdinalIgnoreCase), providers?.ToFrozenSet(StringComparer.OrdinalIgnoreCase), null, null);

    public static InferenceCall Create(IDialectRequest request, TimeProvider clock, KeyEntry? key = null, string? provider = null, Guid? tokenId = null, IReadOnlyList<KeyValuePair<string, string>>? headers = null) => new()
    {
        Id = Id,
        StartedAt = Now,
        StartTimestamp = clock.GetTimestamp(),
        Caller = new Caller(WorkspaceId, UserId, key),
        Source = key is null ? CallSources.Console : CallSources.Gateway,
        Request = request,
        Headers = headers ?? [],
        Provider = provider,
        TokenId = tokenId,
        TraceId = "0af7651916cd43dd8448eb211c80319c",
    };

    public static TokenEntry Token(string provider, string label = "main", Guid? id = null, Guid? ownerId = null, bool isDefault = false, bool isShared = false, string baseUrl = "https://models.test/v1") =>
        new(id ?? TokenId, WorkspaceId, ownerId ?? UserId, provider, label, baseUrl, isDefault, isShared, Cell: [], CellVersion: 1, DataKeyId: Guid.Empty);

    public static RouteTarget Target(string provider, string model) => new(Providers.Get(provider), model, Token(provider));
}
