using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Aistrale.Core.Data.Migrations
{
    /// <summary>What EF Core cannot describe: the append-only audit chain, and that no row may name a data key that is out of use.</summary>
    public partial class AuditChainAndRotation : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            CreateAuditTable(migrationBuilder);
            CreateAuditChain(migrationBuilder);
            GuardDataKeys(migrationBuilder);

            migrationBuilder.Sql("""
                DROP TRIGGER stamp_changes ON virtual_keys;
                CREATE TRIGGER stamp_changes AFTER INSERT OR DELETE OR UPDATE OF name, hash, pepper_id, scopes, models, providers, expires_at, revoked_at, owner_id, workspace_id, cidrs, previous_hash, previous_pepper_id, previous_expires_at ON virtual_keys
                    FOR EACH STATEMENT EXECUTE FUNCTION bump_change_stamp();
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) =>
            throw new System.NotSupportedException("An audit log that can be taken back is none. Restore a backup instead.");

        private static void CreateAuditTable(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
            DROP TABLE security_audit;
            CREATE TABLE security_audit (
                seq bigint NOT NULL,
                occurred_at timestamptz NOT NULL,
                workspace_id uuid,
                actor_kind text NOT NULL,
                actor_id uuid,
                type text NOT NULL,
                target_kind text,
                target_id text,
                outcome text NOT NULL,
                address text,
                request_id text,
                details text,
                previous_hash bytea NOT NULL CHECK (octet_length(previous_hash) = 32),
                hash bytea NOT NULL CHECK (octet_length(hash) = 32),
                CONSTRAINT pk_security_audit PRIMARY KEY (occurred_at, seq)
            ) PARTITION BY RANGE (occurred_at);
            CREATE INDEX ix_security_audit_seq ON security_audit (seq);

            CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION 'The security audit is append-only.' USING ERRCODE = 'insufficient_privilege';
            END $$;
            CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON security_audit
                FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
            CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON security_audit
                FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
            """);

        // The canonical form is documented in docs/security.md; the verifier in C# makes the same bytes without PostgreSQL.
        // Each field in this order as <length in UTF-8 bytes>:<text>, and null as -, :
        // 1:7,27:2026-11-23T08:15:00.123456Z,-,4:user,36:0198...,15:login.succeeded,...
        private static void CreateAuditChain(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
            CREATE FUNCTION security_audit_canonical(
                seq bigint, occurred_at timestamptz, workspace_id uuid, actor_kind text, actor_id uuid, type text, target_kind text, target_id text,
                outcome text, address text, request_id text, details text) RETURNS bytea
            LANGUAGE sql STABLE PARALLEL SAFE AS $$
                SELECT convert_to(string_agg(coalesce(octet_length(field) || ':' || field, '-') || ',', '' ORDER BY place), 'UTF8')
                FROM unnest(ARRAY[
                    seq::text, to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), workspace_id::text, actor_kind, actor_id::text,
                    type, target_kind, target_id, outcome, address, request_id, details]) WITH ORDINALITY AS fields (field, place)
            $$;

            -- The only way to write. Its owner may, whoever calls it may not. The head row's lock makes the chain one chain.
            CREATE FUNCTION append_security_audit(
                workspace_id uuid, actor_kind text, actor_id uuid, type text, target_kind text, target_id text,
                outcome text, address text, request_id text, details text) RETURNS bigint
            LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
            DECLARE
                head security_audit_head%ROWTYPE;
                at timestamptz;
                next_seq bigint;
                next_hash bytea;
                month timestamptz;
                partition text;
            BEGIN
                SELECT * INTO STRICT head FROM security_audit_head WHERE id = 1 FOR UPDATE;
                at := clock_timestamp();
                next_seq := head.seq + 1;
                next_hash := sha256(head.hash || security_audit_canonical(
                    next_seq, at, workspace_id, actor_kind, actor_id, type, target_kind, target_id, outcome, address, request_id, details));
                month := date_trunc('month', at AT TIME ZONE 'UTC') AT TIME ZONE 'UTC';
                partition := 'security_audit_' || to_char(at AT TIME ZONE 'UTC', 'YYYYMM');
                IF to_regclass(partition) IS NULL THEN
                    EXECUTE format('CREATE TABLE %I PARTITION OF security_audit FOR VALUES FROM (%L) TO (%L)', partition, month, (month AT TIME ZONE 'UTC' + interval '1 month') AT TIME ZONE 'UTC');
                    -- Row triggers are inherited, statement triggers are not.
                    EXECUTE format('CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()', partition);
                END IF;
                INSERT INTO security_audit VALUES (
                    next_seq, at, workspace_id, actor_kind, actor_id, type, target_kind, target_id, outcome, address, request_id, details, head.hash, next_hash);
                UPDATE security_audit_head SET seq = next_seq, hash = next_hash WHERE id = 1;
                RETURN next_seq;
            END $$;
            REVOKE ALL ON FUNCTION append_security_audit(uuid, text, uuid, text, text, text, text, text, text, text) FROM PUBLIC;
            """);

        // Retiring a key locks its row and then looks for users; whoever is about to name it waits here and is refused.
        private static void GuardDataKeys(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
            CREATE FUNCTION refuse_retired_data_key() RETURNS trigger
            LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
            DECLARE
                key_state text;
            BEGIN
                SELECT state INTO key_state FROM data_keys WHERE id = NEW.data_key_id FOR KEY SHARE;
                IF key_state IN ('retired', 'destroyed') THEN
                    RAISE EXCEPTION 'The data key % is out of use.', NEW.data_key_id USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_data_key_in_use';
                END IF;
                RETURN NEW;
            END $$;
            REVOKE ALL ON FUNCTION refuse_retired_data_key() FROM PUBLIC;
            CREATE TRIGGER data_key_in_use BEFORE INSERT OR UPDATE OF data_key_id ON provider_tokens
                FOR EACH ROW EXECUTE FUNCTION refuse_retired_data_key();
            CREATE TRIGGER data_key_in_use BEFORE INSERT OR UPDATE OF data_key_id ON user_totp
                FOR EACH ROW EXECUTE FUNCTION refuse_retired_data_key();
            """);
    }
}
