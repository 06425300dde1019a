namespace Aistrale.Core.Users;

internal static class UserNames
{
    /// <summary>The form in which e-mail addresses are compared, as ASP.NET Core Identity's default normaliser makes it.</summary>
    public static string Normalize(string email) => email.Trim().Normalize().ToUpperInvariant();
}
