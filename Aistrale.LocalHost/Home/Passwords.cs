using System.Security.Cryptography;
using System.Text.Json;

namespace Aistrale.LocalHost.Home;

/// <summary>The generated passwords of the servers in this data folder, kept in a file that only its owner may read.</summary>
internal sealed record Passwords(string PostgresSuperuser, string Migrator, string App, string Worker, string Redis)
{
    private const int Characters = 48;

    public static Passwords Generate() => new(NewPassword(), NewPassword(), NewPassword(), NewPassword(), NewPassword());

    public static Passwords LoadOrCreate(HomeFolder home)
    {
        if (File.Exists(home.PasswordsFile))
        {
            return Load(home);
        }

        if (Directory.Exists(home.Postgres))
        {
            throw new Refusal(
                $"{home.Postgres} holds a database, but its passwords ({home.PasswordsFile}) are missing: put the file back from a backup, or run ./aistrale up --fresh to start with empty data.");
        }

        var passwords = Generate();
        SecretFile.Write(home.PasswordsFile, JsonSerializer.Serialize(passwords));
        return passwords;
    }

    public static Passwords Load(HomeFolder home)
    {
        try
        {
            return JsonSerializer.Deserialize<Passwords>(File.ReadAllText(home.PasswordsFile)) ?? throw new JsonException();
        }
        catch (JsonException)
        {
            throw new Refusal($"The file {home.PasswordsFile} is damaged: put it back from a backup, or run ./aistrale up --fresh to start with empty data.");
        }
    }

    // Connection strings must not need quoting, so letters and digits only.
    private static string NewPassword() => RandomNumberGenerator.GetHexString(Characters, lowercase: true);
}
