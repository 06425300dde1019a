using System.Text.Json;
using Aistrale.Sandbox.Serving;

namespace Aistrale.Sandbox.Responses;

/// <summary>
/// Response ids and encrypted reasoning belong to the key that made them; the real service refuses them under
/// another one. Ids carry a tag of the key, so this holds without storing anything.
/// </summary>
internal static class ChainGuard
{
    private const int TagLength = 8;
    private const string SealPrefix = "gAAAAA-sandbox-";

    public static string KeyTag(Exchange exchange) => exchange.Call.KeySha256![..TagLength];

    public static string Seal(Exchange exchange) => SealPrefix + KeyTag(exchange) + exchange.Seed.Id("", 40, purpose: 7);

    public static bool WantsEncryptedReasoning(JsonElement body) =>
        body.TryGetProperty("include", out var include) && include.Strings().Contains("reasoning.encrypted_content");

    public static Fault? Check(Exchange exchange)
    {
        var (body, tag) = (exchange.Ask.Body, KeyTag(exchange));
        if (body.String("previous_response_id") is { } previous && !previous.StartsWith($"resp_{tag}", StringComparison.Ordinal))
        {
            return Fault.Invalid($"There is no response '{previous}' under this key.", "previous_response_id", "previous_response_not_found");
        }

        if (!body.TryGetProperty("input", out var input) || input.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        foreach (var item in input.EnumerateArray())
        {
            if (item.String("type") == "reasoning"
                && item.String("encrypted_content") is { } content
                && !content.StartsWith(SealPrefix + tag, StringComparison.Ordinal))
            {
                return Fault.Invalid($"The encrypted content of item {item.String("id")} could not be verified under this key.", null, "invalid_encrypted_content");
            }
        }

        return null;
    }
}
