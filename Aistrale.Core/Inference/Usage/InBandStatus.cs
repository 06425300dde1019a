using System.Collections.Frozen;

namespace Aistrale.Core.Inference.Usage;

/// <summary>The HTTP status that an error inside a 200 would have had.</summary>
internal static class InBandStatus
{
    private const int BadGateway = 502;

    private static readonly FrozenDictionary<string, int> ByWord = Build();

    public static int Of(in ErrorFields error)
    {
        if (error.NumericCode is >= 400 and <= 599)
        {
            return (int)error.NumericCode;
        }

        // The code is the more precise of the two: insufficient_quota may come under a general type.
        if (error.Code is { } code && ByWord.TryGetValue(code, out var byCode))
        {
            return byCode;
        }

        return error.Type is { } type && ByWord.TryGetValue(type, out var byType) ? byType : BadGateway;
    }

    private static FrozenDictionary<string, int> Build()
    {
        (int Status, string[] Words)[] table =
        [
            (400, ["invalid_request_error", "invalid_request", "invalid_prompt", "context_length_exceeded", "tool_use_failed", "BadRequestError", "validation", "INVALID_ARGUMENT", "FAILED_PRECONDITION"]),
            (401, ["authentication_error", "invalid_api_key", "UNAUTHENTICATED"]),
            (402, ["billing_error"]),
            (403, ["permission_error", "PERMISSION_DENIED"]),
            (404, ["not_found_error", "model_not_found", "NOT_FOUND"]),
            (413, ["request_too_large"]),
            (429, ["rate_limit_error", "rate_limit_exceeded", "insufficient_quota", "tokens", "requests", "RESOURCE_EXHAUSTED"]),
            (500, ["api_error", "server_error", "internal_error", "internal_server_error", "INTERNAL"]),
            (503, ["service_unavailable", "service_unavailable_error", "overloaded", "UNAVAILABLE"]),
            (504, ["timeout_error", "timeout", "DEADLINE_EXCEEDED"]),
            (529, ["overloaded_error"]),
        ];
        return table
            .SelectMany(row => row.Words, (row, word) => KeyValuePair.Create(word, row.Status))
            .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }
}
