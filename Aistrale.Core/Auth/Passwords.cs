using Aistrale.Contracts;

namespace Aistrale.Core.Auth;

/// <summary>What a password must be. Length counts, composition rules do not.</summary>
internal static class Passwords
{
    private const int MinLength = 8;
    private const int MaxLength = 256;

    /// <summary>Why this password will not do; null when it will.</summary>
    public static Failure? Refuse(string password, string email) => password switch
    {
        { Length: < MinLength } => new Failure(ErrorCodes.WeakPassword, $"Choose a password of at least {MinLength} characters; a sentence is best.", "password"),
        { Length: > MaxLength } => new Failure(ErrorCodes.WeakPassword, $"The password is longer than {MaxLength} characters.", "password"),
        _ when password.Equals(email, StringComparison.OrdinalIgnoreCase) => new Failure(ErrorCodes.WeakPassword, "The password must not be the e-mail address.", "password"),
        _ => null,
    };
}
