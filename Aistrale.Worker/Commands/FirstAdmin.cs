using Aistrale.Core.Auth;
using Aistrale.Core.Users;

namespace Aistrale.Worker.Commands;

/// <summary>Sees to it that a new installation can be signed in to: an administrator from the environment, else a one-time code in a file.</summary>
internal sealed class FirstAdmin(SetupService setup, SetupCodeFile codeFile, IConfiguration configuration)
{
    private const string EmailKey = "AISTRALE_ADMIN_EMAIL";
    private const string PasswordKey = "AISTRALE_ADMIN_PASSWORD";

    /// <summary>Answers what to tell the operator; never the code or the password.</summary>
    public async Task<string> EnsureAsync(CancellationToken ct)
    {
        if (!await setup.IsOpenAsync(ct))
        {
            codeFile.Delete();
            return "There is an administrator already.";
        }

        return (configuration[EmailKey], configuration[PasswordKey]) switch
        {
            ({ Length: > 0 } email, { Length: > 0 } password) => await CreateAsync(email.Trim(), password, ct),
            (null or "", null or "") => await IssueCodeAsync(ct),
            _ => throw new CommandFailedException($"Set both {EmailKey} and {PasswordKey} to create the first administrator, or neither to get a set-up code."),
        };
    }

    private async Task<string> CreateAsync(string email, string password, CancellationToken ct)
    {
        if (UserService.RefuseEmail(email) is { } malformed)
        {
            throw new CommandFailedException($"{EmailKey}: {malformed.Message}");
        }

        var created = await setup.EnsureAdminAsync(email, password, ct);
        if (created.Failure is { } failure)
        {
            throw new CommandFailedException($"{PasswordKey}: {failure.Message}");
        }

        codeFile.Delete();
        return created.Value ? $"Created the first administrator, {email}." : "There is an administrator already.";
    }

    private async Task<string> IssueCodeAsync(CancellationToken ct)
    {
        if (!codeFile.IsConfigured)
        {
            return $"There is no administrator yet: set {EmailKey} and {PasswordKey}, or {SetupCodeFile.Variable}, and run migrate again.";
        }

        if (await setup.IssueCodeAsync(ct) is not { } code)
        {
            codeFile.Delete();
            return "There is an administrator already.";
        }

        codeFile.Write(code);
        return $"There is no administrator yet: the one-time set-up code, good for an hour, is in {codeFile.Path}.";
    }
}
