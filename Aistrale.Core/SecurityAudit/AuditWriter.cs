using System.Text.Encodings.Web;
using System.Text.Json;
using Aistrale.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Aistrale.Core.SecurityAudit;

/// <summary>Appends events to the chain, on the connection and in the transaction of the change that they tell of.</summary>
internal static class AuditWriter
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task AppendAsync(AistraleDbContext db, SecurityEvent happened, CancellationToken ct)
    {
        var origin = AuditOrigin.Current;
        var details = ToJson(happened.Details);
        var workspace = happened.WorkspaceId ?? origin.WorkspaceId;
        await db.Database.ExecuteSqlAsync(
            $"SELECT append_security_audit({workspace}::uuid, {origin.Kind}, {origin.ActorId}::uuid, {happened.Type}, {happened.TargetKind}::text, {happened.TargetId}::text, {happened.Outcome}, {origin.Address}::text, {origin.RequestId}::text, {details}::text)",
            ct);
    }

    // {"model":"gpt-4o-mini","scopes":"inference"}
    internal static string? ToJson(IReadOnlyDictionary<string, string?>? details)
    {
        if (details is null or { Count: 0 })
        {
            return null;
        }

        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartObject();
            foreach (var (name, value) in details.OrderBy(detail => detail.Key, StringComparer.Ordinal))
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }
}
