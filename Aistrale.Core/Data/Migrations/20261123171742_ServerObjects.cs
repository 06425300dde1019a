using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Aistrale.Core.Data.Migrations
{
    /// <summary>What EF Core cannot describe: monthly partitions of usage_event, and the triggers that stamp changed tables.</summary>
    public partial class ServerObjects : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("""
                ALTER TABLE usage_event RENAME TO usage_event_plain;
                CREATE TABLE usage_event (LIKE usage_event_plain INCLUDING DEFAULTS INCLUDING CONSTRAINTS) PARTITION BY RANGE (started_at);
                DROP TABLE usage_event_plain;
                ALTER TABLE usage_event ADD CONSTRAINT pk_usage_event PRIMARY KEY (started_at, id);
                CREATE INDEX ix_usage_event_workspace_id_started_at_id ON usage_event (workspace_id, started_at DESC, id DESC);
                CREATE INDEX ix_usage_event_recorded_at ON usage_event USING brin (recorded_at);
                CREATE TABLE usage_event_default PARTITION OF usage_event DEFAULT;
                """);

            // Owned by the migrator, so that the worker can make partitions without the right to change tables.
            migrationBuilder.Sql("""
                CREATE FUNCTION ensure_usage_partitions(first_month date, months int) RETURNS int
                LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
                DECLARE
                    month date := date_trunc('month', first_month);
                    made int := 0;
                    name text;
                    lower_bound text;
                    upper_bound text;
                BEGIN
                    IF months NOT BETWEEN 1 AND 120 THEN
                        RAISE EXCEPTION 'months must be between 1 and 120';
                    END IF;
                    -- Two workers that start together take turns.
                    PERFORM pg_advisory_xact_lock(hashtextextended('ensure_usage_partitions', 0));
                    FOR i IN 1..months LOOP
                        name := 'usage_event_' || to_char(month, 'YYYYMM');
                        IF to_regclass(name) IS NULL THEN
                            lower_bound := to_char(month, 'YYYY-MM-DD') || ' 00:00:00+00';
                            upper_bound := to_char(month + interval '1 month', 'YYYY-MM-DD') || ' 00:00:00+00';
                            -- Filled first and attached then: records of that month that a wrong clock or a long outage
                            -- left in the default partition would forbid a partition made in one step.
                            EXECUTE format('CREATE TABLE %I (LIKE usage_event INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', name);
                            LOCK TABLE usage_event_default IN ACCESS EXCLUSIVE MODE;
                            EXECUTE format(
                                'WITH moved AS (DELETE FROM usage_event_default WHERE started_at >= %L AND started_at < %L RETURNING *) INSERT INTO %I SELECT * FROM moved',
                                lower_bound, upper_bound, name);
                            EXECUTE format('ALTER TABLE usage_event ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', name, lower_bound, upper_bound);
                            made := made + 1;
                        END IF;
                        month := month + interval '1 month';
                    END LOOP;
                    RETURN made;
                END $$;
                REVOKE ALL ON FUNCTION ensure_usage_partitions(date, int) FROM PUBLIC;
                SELECT ensure_usage_partitions((now() AT TIME ZONE 'UTC')::date - 31, 4);
                """);

            migrationBuilder.Sql("""
                CREATE FUNCTION bump_change_stamp() RETURNS trigger
                LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
                BEGIN
                    UPDATE change_stamps SET version = version + 1 WHERE topic = TG_TABLE_NAME::text;
                    RETURN NULL;
                END $$;
                REVOKE ALL ON FUNCTION bump_change_stamp() FROM PUBLIC;
                CREATE TRIGGER stamp_changes AFTER INSERT OR DELETE OR UPDATE ON data_keys
                    FOR EACH STATEMENT EXECUTE FUNCTION bump_change_stamp();
                CREATE TRIGGER stamp_changes AFTER INSERT OR DELETE OR UPDATE OF provider, label, base_url, is_default, visibility, cell, cell_version, data_key_id, owner_id, workspace_id ON provider_tokens
                    FOR EACH STATEMENT EXECUTE FUNCTION bump_change_stamp();
                CREATE TRIGGER stamp_changes AFTER INSERT OR DELETE OR UPDATE OF workspace_id, email, display_name, role, is_active, session_epoch, must_change_password, two_factor_enabled ON users
                    FOR EACH STATEMENT EXECUTE FUNCTION bump_change_stamp();
                CREATE TRIGGER stamp_changes AFTER INSERT OR DELETE OR UPDATE OF name, hash, pepper_id, scopes, models, providers, expires_at, revoked_at, owner_id, workspace_id ON virtual_keys
                    FOR EACH STATEMENT EXECUTE FUNCTION bump_change_stamp();
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) =>
            throw new System.NotSupportedException("Usage records cannot be put back into an unpartitioned table without losing room for new ones. Restore a backup instead.");
    }
}
