using System.Text.Json;
using Aistrale.Contracts;

namespace Aistrale.Web.Clients;

/// <summary>Why the API did not do it: its problem document, or our words when it could not be reached.</summary>
public sealed record ApiProblem(int Status, string Code, string Detail, string? TraceId, IReadOnlyDictionary<string, string[]> Errors)
{
    private static readonly Dictionary<string, string[]> NoErrors = [];

    public bool IsUnavailable => Status == StatusCodes.Status503ServiceUnavailable;

    public static ApiProblem Unreachable { get; } = new(
        StatusCodes.Status503ServiceUnavailable,
        ErrorCodes.ServiceUnavailable,
        "The API does not answer. It may be starting; this page tries again by itself.",
        null,
        NoErrors);

    /// <summary>The first message for a field, by its JSON name.</summary>
    public string? ErrorOf(string field) =>
        Errors.FirstOrDefault(error => string.Equals(error.Key, field, StringComparison.OrdinalIgnoreCase)).Value?.FirstOrDefault();

    internal static ApiProblem Parse(int status, string body)
    {
        // Sample: {"title":"Bad Request","status":400,"detail":"…","code":"validation_failed","traceId":"0af7…","errors":{"email":["…"]}}
        try
        {
            var document = JsonSerializer.Deserialize<Document>(body, JsonSerializerOptions.Web);
            if (document?.Code is { Length: > 0 } code)
            {
                var detail = document.Detail ?? document.Title ?? $"The API answered {status}.";
                return new ApiProblem(status, code, detail, document.TraceId, document.Errors ?? NoErrors);
            }
        }
        catch (JsonException)
        {
            // Something in between answered; its text is not for people.
        }

        return status == StatusCodes.Status503ServiceUnavailable || status == StatusCodes.Status502BadGateway
            ? Unreachable
            : new ApiProblem(status, ErrorCodes.Internal, $"The API answered {status} and gave no reason.", null, NoErrors);
    }

    private sealed record Document(string? Title, string? Detail, string? Code, string? TraceId, Dictionary<string, string[]>? Errors);
}
