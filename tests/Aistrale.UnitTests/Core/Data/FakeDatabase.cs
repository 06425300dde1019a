using System.Data;
using System.Data.Common;
using Aistrale.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Aistrale.UnitTests.Core.Data;

/// <summary>A database that gives the same rows to every question (none, unless told), counts how often it is asked, answers when it is told to, or fails.</summary>
internal sealed class FakeDatabase : DbConnectionInterceptor, IDbContextFactory<AistraleDbContext>
{
    private readonly Commands _commands = new();
    private TaskCompletionSource _answers = Answering();
    private int _asked;

    public int Asked => _asked;

    public Exception? Failure { get; set; }

    public DataTable Rows
    {
        set => _commands.Rows = value;
    }

    public void Hold() => _answers = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void LetGo() => _answers.SetResult();

    public AistraleDbContext CreateDbContext() => new(new DbContextOptionsBuilder<AistraleDbContext>()
        .UseNpgsql("Host=nowhere").UseSnakeCaseNamingConvention().AddInterceptors(this, _commands).Options);

    public override async ValueTask<InterceptionResult> ConnectionOpeningAsync(
        DbConnection connection, ConnectionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _asked);
        await _answers.Task;
        return Failure is null ? InterceptionResult.Suppress() : throw Failure;
    }

    private static TaskCompletionSource Answering()
    {
        var source = new TaskCompletionSource();
        source.SetResult();
        return source;
    }

    private sealed class Commands : DbCommandInterceptor
    {
        public DataTable Rows { get; set; } = new();

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            return ValueTask.FromResult(InterceptionResult<DbDataReader>.SuppressWithResult(Rows.CreateDataReader()));
        }
    }
}
