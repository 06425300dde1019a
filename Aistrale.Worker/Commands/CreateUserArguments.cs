using Aistrale.Contracts;
using Aistrale.Core.Users;

namespace Aistrale.Worker.Commands;

/// <summary>What follows <c>admin create-user</c>. There is no word for the password: command lines are visible to every process.</summary>
internal sealed record CreateUserArguments(string Email, string Role, string? DisplayName, bool PasswordFromStdin)
{
    /// <summary>Null with a sentence in <paramref name="mistake"/> when the words are wrong.</summary>
    public static CreateUserArguments? Parse(ReadOnlySpan<string> words, out string? mistake)
    {
        var values = new Dictionary<string, string>();
        var fromStdin = false;
        for (var i = 0; i < words.Length; i++)
        {
            // --email ada@example.org, or --email=ada@example.org
            var (name, value) = words[i].Split('=', 2) is [var left, var right] ? (left, right) : (words[i], null);
            if (name == "--password-stdin" && value is null)
            {
                fromStdin = true;
            }
            else if (name is not ("--email" or "--role" or "--display-name"))
            {
                mistake = $"admin create-user does not know \"{name}\".";
                return null;
            }
            else if ((value ?? (++i < words.Length ? words[i] : null)) is not { } given)
            {
                mistake = $"{name} needs a value.";
                return null;
            }
            else if (!values.TryAdd(name, given))
            {
                mistake = $"{name} is given twice.";
                return null;
            }
        }

        mistake = Mistake(values);
        return mistake is null
            ? new CreateUserArguments(values["--email"].Trim(), values["--role"], values.GetValueOrDefault("--display-name"), fromStdin)
            : null;
    }

    private static string? Mistake(Dictionary<string, string> values)
    {
        if (!values.TryGetValue("--email", out var email))
        {
            return "admin create-user needs --email.";
        }

        if (!values.TryGetValue("--role", out var role))
        {
            return "admin create-user needs --role.";
        }

        if (role is not (Roles.Admin or Roles.User or Roles.Auditor))
        {
            return $"--role must be {Roles.Admin}, {Roles.User} or {Roles.Auditor}.";
        }

        return UserService.RefuseEmail(email.Trim()) is { } malformed ? $"--email: {malformed.Message}" : null;
    }
}
