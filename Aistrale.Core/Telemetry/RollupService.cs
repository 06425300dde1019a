using Aistrale.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Aistrale.Core.Telemetry;

/// <summary>
/// Sums usage per hour. An hour with new rows, early or late, is computed anew from all its rows and replaced: running twice, in two
/// processes or after a kill, gives the same numbers.
/// </summary>
public sealed class RollupService(AistraleDbContext db)
{
    private const string Watermark = "usage_rollup_hour";

    // Rows become visible when their transaction commits, up to this long after their recorded_at.
    private static readonly TimeSpan CommitSlack = TimeSpan.FromMinutes(2);

    /// <summary>Recomputes every hour with rows recorded since the last run. Returns how many.</summary>
    public async Task<int> CatchUpAsync(CancellationToken ct)
    {
        var now = await db.Database.SqlQuery<DateTimeOffset>($"SELECT clock_timestamp() AS \"Value\"").SingleAsync(ct);
        var watermark = await db.Set<RollupWatermark>().AsNoTracking().SingleOrDefaultAsync(w => w.Name == Watermark, ct);
        var since = watermark is null ? DateTimeOffset.UnixEpoch : watermark.RecordedUpTo - CommitSlack;
        var hours = await db.Database
            .SqlQuery<DateTimeOffset>($"SELECT DISTINCT date_trunc('hour', started_at, 'UTC') AS \"Value\" FROM usage_event WHERE recorded_at > {since}")
            .ToListAsync(ct);
        foreach (var hour in hours)
        {
            await RecomputeAsync(hour, ct);
        }

        // Another worker may have come further meanwhile: the watermark never goes back.
        await db.Database.ExecuteSqlAsync($"""
            INSERT INTO rollup_watermarks (name, recorded_up_to) VALUES ({Watermark}, {now})
            ON CONFLICT (name) DO UPDATE SET recorded_up_to = GREATEST(rollup_watermarks.recorded_up_to, EXCLUDED.recorded_up_to)
            """, ct);
        return hours.Count;
    }

    private async Task RecomputeAsync(DateTimeOffset hour, CancellationToken ct)
    {
        var end = hour.AddHours(1);
        await db.InTransactionAsync(async () =>
        {
            // Two workers on the same hour take turns; the second replaces with the same or newer sums.
            await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended('usage_rollup_hour' || {hour}::text, 0))", ct);
            await db.UsageRollups.Where(rollup => rollup.Hour == hour).ExecuteDeleteAsync(ct);
            return await db.Database.ExecuteSqlAsync($"""
                INSERT INTO usage_rollup_hour (id, hour, workspace_id, provider, model, user_id, key_id, prompt_id, requests, errors, unpriced_requests,
                                               input_tokens, cached_input_tokens, cache_write_tokens, output_tokens, reasoning_tokens, cost_usd)
                SELECT gen_random_uuid(), {hour}, workspace_id, provider, model, user_id, key_id, prompt_id,
                       count(*),
                       count(*) FILTER (WHERE status IN ('error', 'interrupted')),
                       count(*) FILTER (WHERE cost_usd IS NULL AND provider IS NOT NULL),
                       coalesce(sum(input_tokens), 0), coalesce(sum(cached_input_tokens), 0), coalesce(sum(cache_write_tokens), 0),
                       coalesce(sum(output_tokens), 0), coalesce(sum(reasoning_tokens), 0), coalesce(sum(cost_usd), 0)
                FROM usage_event
                WHERE started_at >= {hour} AND started_at < {end}
                GROUP BY workspace_id, provider, model, user_id, key_id, prompt_id
                """, ct);
        }, ct);
    }
}
