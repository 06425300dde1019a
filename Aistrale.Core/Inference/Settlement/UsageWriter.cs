using Aistrale.Core.Telemetry;
using Npgsql;
using NpgsqlTypes;

namespace Aistrale.Core.Inference.Settlement;

/// <summary>Puts usage records into PostgreSQL with COPY. Writing the same record again changes nothing.</summary>
internal sealed class UsageWriter(NpgsqlDataSource database)
{
    private const string Columns =
        "id, started_at, workspace_id, user_id, key_id, prompt_id, token_id, source, dialect, requested_model, provider, model, served_by, stream, status, usage_quality, " +
        "input_tokens, cached_input_tokens, cache_write_tokens, output_tokens, reasoning_tokens, cost_usd, price_rows, catalogue_version, service_tier, " +
        "latency_ms, time_to_first_token_ms, finish_reason, error_code, upstream_status, upstream_response_id, attempts, trace_id";

    /// <summary>Returns how many were new.</summary>
    public async Task<int> WriteAsync(IReadOnlyList<UsageEvent> records, CancellationToken ct)
    {
        if (records.Count == 0)
        {
            return 0;
        }

        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await ExecuteAsync(connection, "CREATE TEMP TABLE usage_staging (LIKE usage_event INCLUDING DEFAULTS) ON COMMIT DROP", ct);
        await CopyAsync(connection, records, ct);
        var written = await ExecuteAsync(connection, $"INSERT INTO usage_event ({Columns}) SELECT {Columns} FROM usage_staging ON CONFLICT DO NOTHING", ct);
        await ExecuteAsync(connection, LastUse("virtual_keys", "key_id"), ct);
        await ExecuteAsync(connection, LastUse("provider_tokens", "token_id"), ct);
        await transaction.CommitAsync(ct);
        return written;
    }

    // To the minute: a busy key's row would otherwise be rewritten with every batch. All rows are locked in order of id before the first
    // is written, so that two instances cannot deadlock.
    private static string LastUse(string table, string column) => $"""
        UPDATE {table} SET last_used_at = stale.at
        FROM (SELECT t.id, used.at
              FROM (SELECT {column} AS id, max(started_at) AS at FROM usage_staging WHERE {column} IS NOT NULL GROUP BY 1) used
              JOIN {table} t ON t.id = used.id
              WHERE t.last_used_at IS NULL OR t.last_used_at < used.at - interval '1 minute'
              ORDER BY t.id
              FOR NO KEY UPDATE OF t) stale
        WHERE {table}.id = stale.id
        """;

    private static async Task<int> ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteNonQueryAsync(ct);
    }

    private static async Task CopyAsync(NpgsqlConnection connection, IReadOnlyList<UsageEvent> records, CancellationToken ct)
    {
        await using var copy = await connection.BeginBinaryImportAsync($"COPY usage_staging ({Columns}) FROM STDIN (FORMAT binary)", ct);
        foreach (var record in records)
        {
            await copy.StartRowAsync(ct);
            foreach (var (value, type) in Values(record))
            {
                if (value is null)
                {
                    await copy.WriteNullAsync(ct);
                }
                else
                {
                    await copy.WriteAsync(value, type, ct);
                }
            }
        }

        await copy.CompleteAsync(ct);
    }

    // In the order of Columns.
    private static IEnumerable<(object? Value, NpgsqlDbType Type)> Values(UsageEvent record)
    {
        yield return (record.Id, NpgsqlDbType.Uuid);
        yield return (record.StartedAt.ToUniversalTime(), NpgsqlDbType.TimestampTz);
        yield return (record.WorkspaceId, NpgsqlDbType.Uuid);
        yield return (record.UserId, NpgsqlDbType.Uuid);
        yield return (record.KeyId, NpgsqlDbType.Uuid);
        yield return (record.PromptId, NpgsqlDbType.Uuid);
        yield return (record.TokenId, NpgsqlDbType.Uuid);
        yield return (record.Source, NpgsqlDbType.Text);
        yield return (record.Dialect, NpgsqlDbType.Text);
        yield return (record.RequestedModel, NpgsqlDbType.Text);
        yield return (record.Provider, NpgsqlDbType.Text);
        yield return (record.Model, NpgsqlDbType.Text);
        yield return (record.ServedBy, NpgsqlDbType.Text);
        yield return (record.Stream, NpgsqlDbType.Boolean);
        yield return (record.Status, NpgsqlDbType.Text);
        yield return (record.UsageQuality, NpgsqlDbType.Text);
        yield return (record.InputTokens, NpgsqlDbType.Bigint);
        yield return (record.CachedInputTokens, NpgsqlDbType.Bigint);
        yield return (record.CacheWriteTokens, NpgsqlDbType.Bigint);
        yield return (record.OutputTokens, NpgsqlDbType.Bigint);
        yield return (record.ReasoningTokens, NpgsqlDbType.Bigint);
        yield return (record.CostUsd, NpgsqlDbType.Numeric);
        yield return (record.PriceRows, NpgsqlDbType.Jsonb);
        yield return (record.CatalogueVersion, NpgsqlDbType.Text);
        yield return (record.ServiceTier, NpgsqlDbType.Text);
        yield return (record.LatencyMs, NpgsqlDbType.Double);
        yield return (record.TimeToFirstTokenMs, NpgsqlDbType.Double);
        yield return (record.FinishReason, NpgsqlDbType.Text);
        yield return (record.ErrorCode, NpgsqlDbType.Text);
        yield return (record.UpstreamStatus, NpgsqlDbType.Integer);
        yield return (record.UpstreamResponseId, NpgsqlDbType.Text);
        yield return (record.Attempts, NpgsqlDbType.Jsonb);
        yield return (record.TraceId, NpgsqlDbType.Text);
    }
}
