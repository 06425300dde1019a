using Aistrale.Contracts;
using Aistrale.Core.Auth;
using Aistrale.Core.Data;
using Aistrale.Core.Encryption;
using Aistrale.Core.Users;

namespace Aistrale.Worker.Commands;

/// <summary>Adds a user. On a database that has none yet the first one becomes the administrator of the first workspace.</summary>
internal static class CreateUserCommand
{
    public static async Task<int> RunAsync(CreateUserArguments arguments, CancellationToken ct)
    {
        using var host = Build();
        // Also loads the data keys, which the first administrator's sandbox tokens are sealed with.
        await host.Services.GetRequiredService<DatabaseMigrator>().VerifyKeyAsync(ct);
        await using var scope = host.Services.CreateAsyncScope();
        var setup = scope.ServiceProvider.GetRequiredService<SetupService>();
        var users = scope.ServiceProvider.GetRequiredService<UserService>();

        var isFirst = await setup.IsOpenAsync(ct);
        if (isFirst && arguments.Role != Roles.Admin)
        {
            throw new CommandFailedException($"There is no user yet: the first one has to be created with --role {Roles.Admin}.");
        }

        var password = PasswordInput.Read(arguments.PasswordFromStdin);
        var failure = isFirst
            ? await CreateFirstAsync(setup, users, arguments, password, ct)
            : (await users.CreateAsync(new NewUser(arguments.Email, arguments.DisplayName ?? arguments.Email.Split('@')[0], arguments.Role, password), ct)).Failure;
        if (failure is not null)
        {
            throw new CommandFailedException(failure.Message);
        }

        host.Services.GetRequiredService<SetupCodeFile>().Delete();
        await Console.Out.WriteLineAsync($"Created {arguments.Email} as {arguments.Role}.");
        return ExitCodes.Done;
    }

    private static async Task<Core.Failure?> CreateFirstAsync(SetupService setup, UserService users, CreateUserArguments arguments, Secret password, CancellationToken ct)
    {
        var created = await setup.EnsureAdminAsync(arguments.Email, password.Reveal(), ct);
        if (created.Failure is { } failure)
        {
            return failure;
        }

        if (!created.Value)
        {
            return new Core.Failure(ErrorCodes.Conflict, "Somebody else became the first administrator at this moment. Run this again to add another user.");
        }

        if (arguments.DisplayName is { } name)
        {
            await users.RenameAsync(arguments.Email, name, ct);
        }

        return null;
    }

    private static IHost Build()
    {
        var builder = CommandHost.CreateBuilder();
        // The services' own role can add users; an operator who has only the migrator's connection can as well.
        var own = builder.Configuration.GetConnectionString(ResourceNames.Database) is { Length: > 0 };
        builder.AddDatabase(own ? ResourceNames.Database : ResourceNames.MigratorDatabase);
        builder.AddCore();
        builder.Services.AddSingleton<SetupCodeFile>();
        if (builder.Configuration.GetConnectionString(ResourceNames.Redis) is { Length: > 0 })
        {
            // Announced, so that the new user can sign in at once and not only after the next poll.
            builder.AddRedis();
            builder.Services.AddData();
        }

        return builder.Build();
    }
}
