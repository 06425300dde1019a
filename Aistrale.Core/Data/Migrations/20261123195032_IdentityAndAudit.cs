using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Aistrale.Core.Data.Migrations
{
    /// <inheritdoc />
    public partial class IdentityAndAudit : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropCheckConstraint(
                name: "ck_data_keys_state",
                table: "data_keys");

            migrationBuilder.AddColumn<string[]>(
                name: "cidrs",
                table: "virtual_keys",
                type: "text[]",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "previous_expires_at",
                table: "virtual_keys",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<byte[]>(
                name: "previous_hash",
                table: "virtual_keys",
                type: "bytea",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "previous_pepper_id",
                table: "virtual_keys",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "version",
                table: "virtual_keys",
                type: "integer",
                nullable: false,
                defaultValue: 1);

            migrationBuilder.AddColumn<int>(
                name: "version",
                table: "provider_tokens",
                type: "integer",
                nullable: false,
                defaultValue: 1);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "destroyed_at",
                table: "data_keys",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "provider_token_uses",
                columns: table => new
                {
                    token_id = table.Column<Guid>(type: "uuid", nullable: false),
                    caller_id = table.Column<Guid>(type: "uuid", nullable: false),
                    origin = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    first_used_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_provider_token_uses", x => new { x.token_id, x.caller_id, x.origin });
                    table.ForeignKey(
                        name: "fk_provider_token_uses_provider_tokens_token_id",
                        column: x => x.token_id,
                        principalTable: "provider_tokens",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "recovery_codes",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    used_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_recovery_codes", x => x.id);
                    table.CheckConstraint("ck_recovery_codes_hash", "octet_length(hash) = 32");
                    table.ForeignKey(
                        name: "fk_recovery_codes_asp_net_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "rotation_runs",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    reason = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: false),
                    requested_by = table.Column<Guid>(type: "uuid", nullable: true),
                    state = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    finished_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    succeeded = table.Column<long>(type: "bigint", nullable: false),
                    failed = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_rotation_runs", x => x.id);
                    table.CheckConstraint("ck_rotation_runs_kind", "kind IN ('data_keys', 'key_encryption_key')");
                    table.CheckConstraint("ck_rotation_runs_state", "state IN ('running', 'completed', 'incomplete')");
                });

            migrationBuilder.CreateTable(
                name: "security_audit",
                columns: table => new
                {
                    seq = table.Column<long>(type: "bigint", nullable: false),
                    occurred_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    workspace_id = table.Column<Guid>(type: "uuid", nullable: true),
                    actor_kind = table.Column<string>(type: "text", nullable: false),
                    actor_id = table.Column<Guid>(type: "uuid", nullable: true),
                    type = table.Column<string>(type: "text", nullable: false),
                    target_kind = table.Column<string>(type: "text", nullable: true),
                    target_id = table.Column<string>(type: "text", nullable: true),
                    outcome = table.Column<string>(type: "text", nullable: false),
                    address = table.Column<string>(type: "text", nullable: true),
                    request_id = table.Column<string>(type: "text", nullable: true),
                    details = table.Column<string>(type: "text", nullable: true),
                    previous_hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    hash = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_security_audit", x => new { x.occurred_at, x.seq });
                });

            migrationBuilder.CreateTable(
                name: "security_audit_head",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false),
                    seq = table.Column<long>(type: "bigint", nullable: false),
                    hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    base_seq = table.Column<long>(type: "bigint", nullable: false),
                    base_hash = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_security_audit_head", x => x.id);
                    table.CheckConstraint("ck_security_audit_head_one_row", "id = 1");
                });

            migrationBuilder.CreateTable(
                name: "user_links",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    code_hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    used_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_user_links", x => x.id);
                    table.CheckConstraint("ck_user_links_kind", "kind IN ('invitation', 'reset')");
                    table.ForeignKey(
                        name: "fk_user_links_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "user_totp",
                columns: table => new
                {
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    cell = table.Column<byte[]>(type: "bytea", nullable: false),
                    cell_version = table.Column<int>(type: "integer", nullable: false),
                    data_key_id = table.Column<Guid>(type: "uuid", nullable: false),
                    confirmed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    last_step = table.Column<long>(type: "bigint", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_user_totp", x => x.user_id);
                    table.ForeignKey(
                        name: "fk_user_totp_data_keys_data_key_id",
                        column: x => x.data_key_id,
                        principalTable: "data_keys",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_user_totp_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "rotation_failures",
                columns: table => new
                {
                    run_id = table.Column<Guid>(type: "uuid", nullable: false),
                    table_name = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    row_id = table.Column<Guid>(type: "uuid", nullable: false),
                    reason = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    failed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_rotation_failures", x => new { x.run_id, x.table_name, x.row_id });
                    table.ForeignKey(
                        name: "fk_rotation_failures_rotation_runs_run_id",
                        column: x => x.run_id,
                        principalTable: "rotation_runs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.InsertData(
                table: "security_audit_head",
                columns: new[] { "id", "base_hash", "base_seq", "hash", "seq" },
                values: new object[] { 1, new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, 0L, new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, 0L });

            migrationBuilder.CreateIndex(
                name: "ix_virtual_keys_previous_hash",
                table: "virtual_keys",
                column: "previous_hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_virtual_keys_previous_pepper_id",
                table: "virtual_keys",
                column: "previous_pepper_id");

            migrationBuilder.AddCheckConstraint(
                name: "ck_data_keys_state",
                table: "data_keys",
                sql: "state IN ('active', 'decrypt_only', 'retired', 'destroyed')");

            migrationBuilder.CreateIndex(
                name: "ix_recovery_codes_user_id_hash",
                table: "recovery_codes",
                columns: new[] { "user_id", "hash" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ux_rotation_runs_open",
                table: "rotation_runs",
                column: "state",
                unique: true,
                filter: "state = 'running'");

            migrationBuilder.CreateIndex(
                name: "ix_user_links_code_hash",
                table: "user_links",
                column: "code_hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_user_links_user_id",
                table: "user_links",
                column: "user_id");

            migrationBuilder.CreateIndex(
                name: "ix_user_totp_data_key_id",
                table: "user_totp",
                column: "data_key_id");

            migrationBuilder.AddForeignKey(
                name: "fk_virtual_keys_data_keys_previous_pepper_id",
                table: "virtual_keys",
                column: "previous_pepper_id",
                principalTable: "data_keys",
                principalColumn: "id",
                onDelete: ReferentialAction.Restrict);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "fk_virtual_keys_data_keys_previous_pepper_id",
                table: "virtual_keys");

            migrationBuilder.DropTable(
                name: "provider_token_uses");

            migrationBuilder.DropTable(
                name: "recovery_codes");

            migrationBuilder.DropTable(
                name: "rotation_failures");

            migrationBuilder.DropTable(
                name: "security_audit");

            migrationBuilder.DropTable(
                name: "security_audit_head");

            migrationBuilder.DropTable(
                name: "user_links");

            migrationBuilder.DropTable(
                name: "user_totp");

            migrationBuilder.DropTable(
                name: "rotation_runs");

            migrationBuilder.DropIndex(
                name: "ix_virtual_keys_previous_hash",
                table: "virtual_keys");

            migrationBuilder.DropIndex(
                name: "ix_virtual_keys_previous_pepper_id",
                table: "virtual_keys");

            migrationBuilder.DropCheckConstraint(
                name: "ck_data_keys_state",
                table: "data_keys");

            migrationBuilder.DropColumn(
                name: "cidrs",
                table: "virtual_keys");

            migrationBuilder.DropColumn(
                name: "previous_expires_at",
                table: "virtual_keys");

            migrationBuilder.DropColumn(
                name: "previous_hash",
                table: "virtual_keys");

            migrationBuilder.DropColumn(
                name: "previous_pepper_id",
                table: "virtual_keys");

            migrationBuilder.DropColumn(
                name: "version",
                table: "virtual_keys");

            migrationBuilder.DropColumn(
                name: "version",
                table: "provider_tokens");

            migrationBuilder.DropColumn(
                name: "destroyed_at",
                table: "data_keys");

            migrationBuilder.AddCheckConstraint(
                name: "ck_data_keys_state",
                table: "data_keys",
                sql: "state IN ('active', 'decrypt_only', 'retired')");
        }
    }
}
